# SPDX-License-Identifier: MIT
# Where the Objective-C runtime and GNUstep live, and with which flags Objective-C is compiled.
#
#   mend_objc       libobjc: what the core links
#   mend_gnustep    the flags of GNUstep programs and libgnustep-base: tests, examples, benches (never the core)
#   mend_blocks     libBlocksRuntime, to be linked before mend_gnustep; nothing where the runtime has blocks itself
#
# and MEND_GCC_COMMAND, MEND_CLANG_COMMAND: the two compilers as lists of words, for what is compiled by one of them
# whatever the build's own compiler is. A toolchain file may have said all this already (aarch64-qemu.cmake).

# MEND_RUNTIME says which runtime: gcc, or libobjc2, installed where MEND_LIBOBJC2 says; that one needs clang, and a
# Foundation built for it is found by the gnustep-config in the PATH.
set(MEND_RUNTIME gcc CACHE STRING "the Objective-C runtime: gcc or libobjc2")
set(MEND_LIBOBJC2 "" CACHE PATH "the prefix libobjc2 is installed in")
set(MEND_OBJC_RUNTIME gcc)
if(MEND_RUNTIME STREQUAL libobjc2)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang" OR NOT CMAKE_OBJC_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "libobjc2 needs clang")
    endif()
    find_library(MEND_LIBOBJC objc HINTS ${MEND_LIBOBJC2}/lib NO_DEFAULT_PATH REQUIRED)
    find_path(MEND_LIBOBJC2_INCLUDE objc/objc-arc.h HINTS ${MEND_LIBOBJC2}/include NO_DEFAULT_PATH REQUIRED)
    set(MEND_OBJC_RUNTIME gnustep-2.0)
    set(MEND_GCC_COMMAND gcc)
    set(MEND_CLANG_COMMAND clang)
elseif(NOT MEND_RUNTIME STREQUAL gcc)
    message(FATAL_ERROR "MEND_RUNTIME is gcc or libobjc2, not ${MEND_RUNTIME}")
endif()

# gcc knows its own objc/ headers. clang gets them through a link of their own: gcc's whole include folder would
# also bring gcc's <stdatomic.h>, which clang's own passes on to.
if(NOT MEND_LIBOBJC)
    set(MEND_GCC_COMMAND gcc)
    set(MEND_CLANG_COMMAND clang)
    execute_process(COMMAND gcc -print-file-name=include OUTPUT_VARIABLE MEND_GCC_INCLUDE OUTPUT_STRIP_TRAILING_WHITESPACE)
    execute_process(COMMAND gcc -print-file-name=libobjc.so OUTPUT_VARIABLE MEND_LIBOBJC OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
execute_process(COMMAND gnustep-config --objc-flags OUTPUT_VARIABLE MEND_GNUSTEP_FLAGS OUTPUT_STRIP_TRAILING_WHITESPACE)
separate_arguments(MEND_GNUSTEP_FLAGS)
list(REMOVE_ITEM MEND_GNUSTEP_FLAGS -MMD -MP -g -O2 -Wall -Wno-import -I. -fPIC)
list(TRANSFORM MEND_GNUSTEP_FLAGS REPLACE "^-I(/usr/.*)" "-isystem${CMAKE_SYSROOT}\\1") # its headers do not compile without warnings
list(FILTER MEND_GNUSTEP_FLAGS EXCLUDE REGEX "^-I/root/|^-I/home/")

add_library(mend_objc INTERFACE)
target_link_libraries(mend_objc INTERFACE ${MEND_LIBOBJC})
if(MEND_RUNTIME STREQUAL libobjc2)
    target_include_directories(mend_objc SYSTEM INTERFACE ${MEND_LIBOBJC2_INCLUDE})
elseif(CMAKE_C_COMPILER_ID MATCHES "Clang")
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/objc-headers)
    file(CREATE_LINK ${MEND_GCC_INCLUDE}/objc ${CMAKE_BINARY_DIR}/objc-headers/objc SYMBOLIC)
    target_include_directories(mend_objc SYSTEM INTERFACE ${CMAKE_BINARY_DIR}/objc-headers)
endif()

add_library(mend_gnustep INTERFACE)
target_compile_options(mend_gnustep INTERFACE $<$<COMPILE_LANGUAGE:OBJC>:${MEND_GNUSTEP_FLAGS} -std=gnu11 -Wno-unused-parameter>)
if(CMAKE_OBJC_COMPILER_ID MATCHES "Clang")
    target_compile_options(mend_gnustep INTERFACE $<$<COMPILE_LANGUAGE:OBJC>:-fobjc-runtime=${MEND_OBJC_RUNTIME} -Wno-everything>)
endif()
target_link_libraries(mend_gnustep INTERFACE gnustep-base mend_objc)
if(MEND_RUNTIME STREQUAL libobjc2)
    execute_process(COMMAND gnustep-config --base-libs OUTPUT_VARIABLE directories OUTPUT_STRIP_TRAILING_WHITESPACE)
    separate_arguments(directories)
    list(FILTER directories INCLUDE REGEX "^-L/")
    list(TRANSFORM directories REPLACE "^-L" "")
    target_link_directories(mend_gnustep INTERFACE ${directories})
endif()

add_library(mend_blocks INTERFACE)
if(MEND_RUNTIME STREQUAL gcc)
    target_link_libraries(mend_blocks INTERFACE BlocksRuntime)
endif()
