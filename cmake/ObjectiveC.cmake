# SPDX-License-Identifier: MIT
# Where the Objective-C runtime and GNUstep live, and with which flags Objective-C is compiled.
#
#   mend_objc       libobjc: what the core links
#   mend_gnustep    the flags of GNUstep programs and libgnustep-base: tests, examples, benches (never the core)
#   mend_blocks     libBlocksRuntime, to be linked before mend_gnustep
#
# and MEND_GCC_COMMAND, MEND_CLANG_COMMAND: the two compilers as lists of words, for what is compiled by one of them
# whatever the build's own compiler is. A toolchain file may have said all this already (aarch64-qemu.cmake).

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
if(CMAKE_C_COMPILER_ID MATCHES "Clang")
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/objc-headers)
    file(CREATE_LINK ${MEND_GCC_INCLUDE}/objc ${CMAKE_BINARY_DIR}/objc-headers/objc SYMBOLIC)
    target_include_directories(mend_objc SYSTEM INTERFACE ${CMAKE_BINARY_DIR}/objc-headers)
endif()

add_library(mend_gnustep INTERFACE)
target_compile_options(mend_gnustep INTERFACE $<$<COMPILE_LANGUAGE:OBJC>:${MEND_GNUSTEP_FLAGS} -std=gnu11 -Wno-unused-parameter>)
if(CMAKE_OBJC_COMPILER_ID MATCHES "Clang")
    target_compile_options(mend_gnustep INTERFACE $<$<COMPILE_LANGUAGE:OBJC>:-fobjc-runtime=gcc -Wno-everything>)
endif()
target_link_libraries(mend_gnustep INTERFACE gnustep-base mend_objc)

add_library(mend_blocks INTERFACE)
target_link_libraries(mend_blocks INTERFACE BlocksRuntime)
