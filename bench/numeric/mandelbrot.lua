-- SPDX-License-Identifier: MIT
return function(n)
  local inside = 0
  for row = 0, n - 1 do
    for column = 0, n - 1 do
      local cr, ci, zr, zi, r2, i2 = 2.0 * column / n - 1.5, 2.0 * row / n - 1.0, 0.0, 0.0, 0.0, 0.0
      local i = 0
      while i < 50 and r2 + i2 <= 4 do
        zi = 2 * zr * zi + ci
        zr = r2 - i2 + cr
        r2 = zr * zr
        i2 = zi * zi
        i = i + 1
      end
      if i == 50 then inside = inside + 1 end
    end
  end
  return inside
end
