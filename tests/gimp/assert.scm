; SPDX-License-Identifier: GPL-3.0-or-later
; Assertions, told to suite.lua by lines on stderr; gimp-message is the one way
; out of Script-Fu that both GIMPs have.

(define (->text value)
  (cond ((string? value) value)
        ((number? value) (number->string value))
        ((boolean? value) (if value "true" "false"))
        ((symbol? value) (symbol->string value))
        ((null? value) "()")
        ((pair? value)
         (string-append "("
                        (->text (car value))
                        (apply string-append
                               (map (lambda (each) (string-append " " (->text each))) (cdr value)))
                        ")"))
        (else "?")))

(define (assert-equal sentence got want)
  (gimp-message
   (if (equal? got want)
       (string-append "TEST-PASSED " sentence)
       (string-append "TEST-FAILED " sentence " | got " (->text got) ", want " (->text want)))))

; Every number within one of the wanted.
(define (assert-near sentence got want)
  (let loop ((g got) (w want))
    (cond ((null? w) (assert-equal sentence #t #t))
          ((or (null? g) (> (abs (- (car g) (car w))) 1)) (assert-equal sentence got want))
          (else (loop (cdr g) (cdr w))))))

; `call` must fail, say `text` while it does, and leave no image behind.
(define (assert-fails sentence text call)
  (gimp-message (string-append "TEST-EXPECT " text))
  (let* ((before (num-images))
         (outcome (catch "failed" (begin (call) "succeeded")))
         (after (num-images)))
    (gimp-message (string-append "TEST-OUTCOME " outcome))
    (assert-equal sentence (list outcome (- after before)) (list "failed" 0))))

; Does `text` hold `part`?
(define (holds? text part)
  (let ((size (string-length part)))
    (let loop ((i 0))
      (cond ((> (+ i size) (string-length text)) #f)
            ((string=? (substring text i (+ i size)) part) #t)
            (else (loop (+ i 1)))))))
