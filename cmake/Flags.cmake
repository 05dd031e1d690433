# SPDX-License-Identifier: MIT
# The flags every translation unit of ours is built with: `mend_flags`, an interface library.
find_package(Threads REQUIRED)
add_library(mend_flags INTERFACE)
target_include_directories(mend_flags INTERFACE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
target_compile_definitions(mend_flags INTERFACE _GNU_SOURCE)
target_link_libraries(mend_flags INTERFACE Threads::Threads ${CMAKE_DL_LIBS} m)
target_compile_options(mend_flags INTERFACE
    $<$<COMPILE_LANGUAGE:C,OBJC>:-Wall -Wextra -Werror -fno-strict-aliasing>
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>
    $<$<COMPILE_LANGUAGE:C,OBJC>:-fno-omit-frame-pointer>)
# Landing pads for indirect branches, and return addresses that cannot be forged, where the processor knows them.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    target_compile_options(mend_flags INTERFACE $<$<COMPILE_LANGUAGE:C,OBJC>:-fcf-protection=full>)
elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
    target_compile_options(mend_flags INTERFACE $<$<COMPILE_LANGUAGE:C,OBJC>:-mbranch-protection=standard>)
endif()
if(MEND_TESTS)
    target_compile_definitions(mend_flags INTERFACE MN_FAULTS=1)
endif()
if(MEND_SANITIZE)
    target_compile_options(mend_flags INTERFACE -fsanitize=${MEND_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(mend_flags INTERFACE -fsanitize=${MEND_SANITIZE})
endif()
if(MEND_FUZZ)
    target_compile_options(mend_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
