-- SPDX-License-Identifier: MIT
return function(n)
  local composite, count = {}, 0
  for _ = 1, n do
    count = 0
    for i = 0, 65535 do composite[i] = false end
    for i = 2, 65535 do
      if not composite[i] then
        count = count + 1
        for k = i + i, 65535, i do composite[k] = true end
      end
    end
  end
  return count
end
