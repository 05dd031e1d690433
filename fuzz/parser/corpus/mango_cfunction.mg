CFunction<int, CString> n = CFunction("atoi"); int short = n("12"); short = 3; uint u = 0x10;
