# SPDX-License-Identifier: MIT
# What `make install` puts where. Nothing in it names the prefix: the tree may be moved as a whole, and bin/mend
# finds its libraries in ../lib.
set(CMAKE_INSTALL_LIBDIR lib CACHE STRING "folder of the libraries; mend looks for them in ../lib beside its own folder")
include(GNUInstallDirs)

configure_file(${CMAKE_SOURCE_DIR}/cmake/mend.pc.in ${CMAKE_BINARY_DIR}/mend.pc @ONLY)
install(TARGETS mend LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
foreach(target mend_cli mend-agent mend-js)
    if(TARGET ${target})
        install(TARGETS ${target} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
    endif()
endforeach()
if(TARGET mend-host)
    install(TARGETS mend-host RUNTIME DESTINATION libexec/mend)
endif()
install(DIRECTORY include/mend DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_BINARY_DIR}/mend.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES share/instruction-patch.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/mend)
install(FILES docs/man/mend.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES share/mend-script.d.ts DESTINATION ${CMAKE_INSTALL_DATADIR}/mend)
install(FILES LICENSE README.md CHANGELOG.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/Mend)
configure_package_config_file(${CMAKE_SOURCE_DIR}/cmake/MendConfig.cmake.in ${CMAKE_BINARY_DIR}/MendConfig.cmake
    INSTALL_DESTINATION ${package} PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/MendConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/MendConfig.cmake ${CMAKE_BINARY_DIR}/MendConfigVersion.cmake DESTINATION ${package})

# The shells' completions are printed by the program itself; one built for another machine cannot be asked.
if(TARGET mend_cli AND NOT CMAKE_CROSSCOMPILING)
    foreach(row "bash share/bash-completion/completions mend" "zsh share/zsh/site-functions _mend" "fish share/fish/vendor_completions.d mend.fish")
        string(REPLACE " " ";" row "${row}")
        list(GET row 0 shell)
        list(GET row 1 folder)
        list(GET row 2 file)
        install(CODE "
            file(MAKE_DIRECTORY \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${folder}\")
            execute_process(COMMAND \"$<TARGET_FILE:mend_cli>\" completion ${shell} COMMAND_ERROR_IS_FATAL ANY
                OUTPUT_FILE \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${folder}/${file}\")
            message(STATUS \"Installed: \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${folder}/${file}\")")
    endforeach()
endif()
