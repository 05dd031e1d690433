-- SPDX-License-Identifier: MIT
return function(n)
  local s = 1
  for i = 0, n - 1 do
    s = (s * 1664525 + 1013904223) & 0xffffffff
    if (s >> 16 & 3) == 1 then s = s ~ i end
  end
  return s
end
