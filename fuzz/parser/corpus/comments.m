/* a */ int x; // b \
 c
int y; /* unterminated