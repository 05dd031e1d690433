# SPDX-License-Identifier: MIT
# What `make install` puts where. Nothing in it names the prefix: the tree may be moved as a whole, and bin/mend
# finds its libraries in ../lib.
set(CMAKE_INSTALL_LIBDIR lib CACHE STRING "folder of the libraries; mend looks for them in ../lib beside its own folder")
include(GNUInstallDirs)

configure_file(${CMAKE_SOURCE_DIR}/cmake/mend.pc.in ${CMAKE_BINARY_DIR}/mend.pc @ONLY)
install(TARGETS mend LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
foreach(target mend_cli mend-agent)
    if(TARGET ${target})
        install(TARGETS ${target} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
    endif()
endforeach()
install(DIRECTORY include/mend DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${CMAKE_BINARY_DIR}/mend.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES docs/man/mend.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES LICENSE README.md CHANGELOG.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
