; SPDX-License-Identifier: GPL-3.0-or-later
; Without a Vulkan driver.

(assert-fails "says that there is no driver, and the remedy" "mesa-vulkan-drivers"
              (lambda () (generate -1 '(model "digits") '(class "7") '(steps 2))))
