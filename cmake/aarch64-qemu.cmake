# SPDX-License-Identifier: MIT
# Toolchain: clang and lld for 64-bit Arm, in the sysroot that tools/sysroot prepares; programs run under qemu.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)

if(DEFINED ENV{MEND_SYSROOT})
    set(MEND_SYSROOT $ENV{MEND_SYSROOT} CACHE PATH "the folder that tools/sysroot made")
else()
    get_filename_component(beside ${CMAKE_CURRENT_LIST_DIR}/../build/sysroot ABSOLUTE)
    set(MEND_SYSROOT ${beside} CACHE PATH "the folder that tools/sysroot made")
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MEND_SYSROOT)
if(NOT EXISTS ${MEND_SYSROOT}/made)
    message(FATAL_ERROR "There is no arm64 sysroot in ${MEND_SYSROOT}: run tools/sysroot first")
endif()
find_program(MEND_QEMU qemu-aarch64-static REQUIRED)

set(CMAKE_SYSROOT ${MEND_SYSROOT}/root)
set(target --target=aarch64-linux-gnu --gcc-toolchain=${CMAKE_SYSROOT}/usr)
foreach(language C OBJC ASM)
    set(CMAKE_${language}_COMPILER /usr/bin/clang)
    list(JOIN target " " CMAKE_${language}_FLAGS_INIT)
endforeach()
# GNUstep's own libraries are asked for when it is loaded, not by us.
foreach(kind EXE SHARED MODULE)
    set(CMAKE_${kind}_LINKER_FLAGS_INIT "-fuse-ld=lld -Wl,--allow-shlib-undefined")
endforeach()
set(CMAKE_CROSSCOMPILING_EMULATOR ${MEND_QEMU} -L ${CMAKE_SYSROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

# What ObjectiveC.cmake asks the compilers of the host, when it builds for the host.
set(MEND_GCC_INCLUDE ${CMAKE_SYSROOT}/usr/lib/gcc/aarch64-linux-gnu/12/include)
set(MEND_LIBOBJC ${CMAKE_SYSROOT}/usr/lib/gcc/aarch64-linux-gnu/12/libobjc.so)
set(MEND_GCC_COMMAND ${MEND_SYSROOT}/gcc)
set(MEND_CLANG_COMMAND clang ${target} --sysroot=${CMAKE_SYSROOT} -fuse-ld=lld -Wno-unused-command-line-argument)
