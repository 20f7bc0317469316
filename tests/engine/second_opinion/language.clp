; What the rules that are translated into CLIPS stand on.
;
; A value is a multifield: () is not known; ("text"), (TRUE); a number or a date is its two bounds, (2.0 3.0), which are the
; same if it is known; a set is (set "a" "b"). Every comparison has two forms, since CLIPS has two truth values: what is
; certainly so, and what may be so.

(deftemplate said (multislot content))                   ; numbers what is concluded: the index of this fact
(deftemplate sure (slot of))                             ; that fact or mark is certain; all others are possible
(deftemplate vague (slot of))                            ; that fact stands for any number of facts
(deftemplate mark (slot id) (slot of) (slot field) (multislot value))
(deftemplate row (slot of) (multislot env) (slot fact) (slot truth) (multislot value))    ; a match, to be counted
(deftemplate result (slot of) (multislot env) (slot truth) (multislot value))             ; what was counted
(deftemplate newest (slot of) (multislot env) (slot fact) (slot truth))
(deftemplate stratum (slot number))                      ; a stratum that may run; the next follows when nothing is left to do

(defglobal ?*as-of* = (create$) ?*endless* = 1e999 ?*largest* = 1.7976931348623157e308)

; ── values ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

(deffunction known (?v) (> (length$ ?v) 0))
(deffunction low (?v) (nth$ 1 ?v))
(deffunction high (?v) (nth$ 2 ?v))
(deffunction pair (?low ?high)                           ; never minus zero; what is too large to be told is known to be large
  (create$ (min (+ 0.0 ?low) ?*largest*) (max (+ 0.0 ?high) (- 0 ?*largest*))))
(deffunction both (?a ?b) (and (known ?a) (known ?b)))
(deffunction spread (?v) (and (known ?v) (floatp (nth$ 1 ?v)) (<> (low ?v) (high ?v))))
(deffunction exact (?v) (and (known ?v) (not (spread ?v))))
(deffunction size (?set) (if (known ?set) then (pair (- (length$ ?set) 1) (- (length$ ?set) 1)) else (create$)))
(deffunction rank (?v $?values) 
  (if (known ?v) then (pair (member$ (nth$ 1 ?v) ?values) (member$ (nth$ 1 ?v) ?values)) else (create$)))

; ── comparisons ─────────────────────────────────────────────────────────────────────────────────────────────────────────

(deffunction sure-is (?a ?b) (and (both ?a ?b) (eq ?a ?b)))
(deffunction maybe-is (?a ?b) (or (not (both ?a ?b)) (eq ?a ?b)))
(deffunction sure-equals (?a ?b) (and (both ?a ?b) (= (low ?a) (high ?a) (low ?b) (high ?b))))
(deffunction maybe-equals (?a ?b) (or (not (both ?a ?b)) (and (<= (low ?a) (high ?b)) (<= (low ?b) (high ?a)))))
(deffunction sure-at_least (?a ?b) (and (both ?a ?b) (>= (low ?a) (high ?b))))
(deffunction maybe-at_least (?a ?b) (or (not (both ?a ?b)) (>= (high ?a) (low ?b))))
(deffunction sure-above (?a ?b) (and (both ?a ?b) (> (low ?a) (high ?b))))
(deffunction maybe-above (?a ?b) (or (not (both ?a ?b)) (> (high ?a) (low ?b))))
(deffunction sure-at_most (?a ?b) (sure-at_least ?b ?a))
(deffunction maybe-at_most (?a ?b) (maybe-at_least ?b ?a))
(deffunction sure-below (?a ?b) (sure-above ?b ?a))
(deffunction maybe-below (?a ?b) (maybe-above ?b ?a))
(deffunction sure-has (?set ?v) (and (both ?set ?v) (integerp (member$ (nth$ 1 ?v) ?set))))
(deffunction maybe-has (?set ?v)
  (or (not (known ?set)) (and (not (known ?v)) (> (length$ ?set) 1)) (integerp (member$ (nth$ 1 ?v) ?set))))
(deffunction within (?a ?b) (str-index (casefold (nth$ 1 ?b)) (casefold (nth$ 1 ?a))))
(deffunction sure-contains (?a ?b) (and (both ?a ?b) (integerp (within ?a ?b))))
(deffunction maybe-contains (?a ?b) (or (not (both ?a ?b)) (integerp (within ?a ?b))))
(deffunction sure-starts_with (?a ?b) (and (both ?a ?b) (eq 1 (within ?a ?b))))
(deffunction maybe-starts_with (?a ?b) (or (not (both ?a ?b)) (eq 1 (within ?a ?b))))

; ── computed values ─────────────────────────────────────────────────────────────────────────────────────────────────────

(deffunction difference (?a ?b)
  (if (both ?a ?b) then (pair (- (low ?a) (high ?b)) (- (high ?a) (low ?b))) else (create$)))
(deffunction times (?x ?y) (if (or (= ?x 0.0) (= ?y 0.0)) then 0.0 else (* ?x ?y)))
(deffunction product (?a ?b)
  (if (not (both ?a ?b)) then (return (create$)))
  (bind ?c1 (times (low ?a) (low ?b)))
  (bind ?c2 (times (low ?a) (high ?b)))
  (bind ?c3 (times (high ?a) (low ?b)))
  (bind ?c4 (times (high ?a) (high ?b)))
  (pair (min ?c1 ?c2 ?c3 ?c4) (max ?c1 ?c2 ?c3 ?c4)))
(deffunction divided (?x ?y) (if (or (= ?y ?*endless*) (= ?y (- 0 ?*endless*))) then 0.0 else (/ ?x ?y)))
(deffunction ratio (?a ?b)
  (if (or (not (both ?a ?b)) (and (<= (low ?b) 0.0) (>= (high ?b) 0.0))) then (return (create$)))
  (bind ?c1 (divided (low ?a) (low ?b)))
  (bind ?c2 (divided (low ?a) (high ?b)))
  (bind ?c3 (divided (high ?a) (low ?b)))
  (bind ?c4 (divided (high ?a) (high ?b)))
  (pair (min ?c1 ?c2 ?c3 ?c4) (max ?c1 ?c2 ?c3 ?c4)))
(deffunction summed (?several ?pairs)
  (if (< (length$ ?pairs) (* 2 ?several)) then (return (create$)))
  (bind ?lows (create$))
  (bind ?highs (create$))
  (loop-for-count (?n 1 ?several) do
    (bind ?lows ?lows (nth$ (- (* 2 ?n) 1) ?pairs))
    (bind ?highs ?highs (nth$ (* 2 ?n) ?pairs)))
  (pair (exact-sum ?lows) (exact-sum ?highs)))

; ── marks: derived fields of given facts. Read only when they are complete ──────────────────────────────────────────────

(deffunction is-sure (?id) (any-factp ((?s sure)) (eq ?s:of ?id)))
(deffunction is-vague (?id) (any-factp ((?s vague)) (eq ?s:of ?id)))
(deffunction maybe-holds (?value) (or (not (known ?value)) (eq ?value (create$ TRUE))))
(deffunction flag-value (?fact ?field)
  (bind ?marks (find-all-facts ((?m mark)) (and (eq ?m:of ?fact) (eq ?m:field ?field) (maybe-holds ?m:value))))
  (progn$ (?m ?marks) (if (and (known (fact-slot-value ?m value)) (is-sure (fact-slot-value ?m id))) then (return (create$ TRUE))))
  (if (known ?marks) then (create$) else (create$ FALSE)))
(deffunction mark-value (?fact ?field)
  (bind ?marks (find-all-facts ((?m mark)) (and (eq ?m:of ?fact) (eq ?m:field ?field))))
  (if (and (= (length$ ?marks) 1) (is-sure (fact-slot-value (nth$ 1 ?marks) id)))
    then (fact-slot-value (nth$ 1 ?marks) value)
    else (create$)))

; ── conclusions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

(deffunction number-of ($?content) (fact-index (assert (said (content ?content)))))
(deffunction hold (?id ?sure) (if ?sure then (assert (sure (of ?id)))))
(deffunction mark-it (?fact ?field ?value ?sure)
  (bind ?id (number-of mark ?fact ?field ?value))
  (assert (mark (id ?id) (of ?fact) (field ?field) (value ?value)))
  (hold ?id (and ?sure (known ?value))))
(deffunction after (?a ?b) (> (str-compare ?a ?b) 0))
(deffunction keys (?several $?keys)
  (if (< (length$ ?keys) ?several) then (return (create$)))
  (bind ?set (create$))
  (progn$ (?key (sort after ?keys)) (if (not (member$ ?key ?set)) then (bind ?set ?set ?key)))
  (create$ set ?set))

(deffunction once-more ()                                ; all strata at once, over what is held by now
  (bind ?numbers (create$))
  (do-for-all-facts ((?s stratum)) TRUE (bind ?numbers ?numbers ?s:number) (retract ?s))
  (progn$ (?number ?numbers) (assert (stratum (number ?number)))))

; ── counting: over the rows that a rule of its own has found ────────────────────────────────────────────────────────────

(deffunction rows (?of ?env ?truth)
  (find-all-facts ((?r row)) (and (eq ?r:of ?of) (eq ?r:truth ?truth) (eq ?r:env ?env))))
(deffunction value (?row) (fact-slot-value ?row value))
(deffunction fact (?row) (fact-slot-value ?row fact))
(deffunction found (?fact ?rows)
  (progn$ (?row ?rows) (if (eq (fact ?row) ?fact) then (return TRUE)))
  FALSE)
(deffunction fewest (?rows)                              ; vague facts may turn out to be the same as others
  (bind ?count 0)
  (progn$ (?row ?rows) (if (not (is-vague (fact ?row))) then (bind ?count (+ ?count 1))))
  (if (= ?count 0) then (min 1 (length$ ?rows)) else ?count))
(deffunction most (?rows)
  (progn$ (?row ?rows) (if (is-vague (fact ?row)) then (return ?*endless*)))
  (length$ ?rows))
(deffunction counted (?of ?env)
  (pair (fewest (rows ?of ?env sure)) (most (rows ?of ?env maybe))))

(deffunction limits (?row ?least ?greatest) (if (known (value ?row)) then (value ?row) else (pair ?least ?greatest)))
(deffunction added (?of ?env ?least ?greatest)
  (bind ?sure (rows ?of ?env sure))
  (bind ?lows (create$))
  (bind ?highs (create$))
  (progn$ (?row (rows ?of ?env maybe))
    (bind ?low (low (limits ?row ?least ?greatest)))
    (bind ?high (high (limits ?row ?least ?greatest)))
    (if (is-vague (fact ?row))
      then (if (< ?low 0.0) then (bind ?low (- 0 ?*endless*)) else (bind ?low 0.0))
           (if (> ?high 0.0) then (bind ?high ?*endless*) else (bind ?high 0.0))
      else (if (not (found (fact ?row) ?sure))
        then (bind ?low (min ?low 0.0))
             (bind ?high (max ?high 0.0))))
    (bind ?lows ?lows ?low)
    (bind ?highs ?highs ?high))
  (pair (exact-sum ?lows) (exact-sum ?highs)))

(deffunction seen-before (?row ?rows)                    ; the same value in an earlier row
  (progn$ (?other ?rows)
    (if (eq ?other ?row) then (return FALSE))
    (if (eq (value ?other) (value ?row)) then (return TRUE)))
  FALSE)
(deffunction values-of (?rows)
  (bind ?count 0)
  (progn$ (?row ?rows) (if (and (exact (value ?row)) (not (seen-before ?row ?rows))) then (bind ?count (+ ?count 1))))
  ?count)
(deffunction different (?of ?env)
  (bind ?rows (rows ?of ?env maybe))
  (bind ?low (values-of (rows ?of ?env sure)))
  (bind ?high (values-of ?rows))
  (progn$ (?row ?rows)
    (if (not (exact (value ?row))) then
      (if (is-vague (fact ?row)) then (bind ?high ?*endless*) else (bind ?high (+ ?high 1)))))
  (pair (max ?low (min 1 (length$ (rows ?of ?env sure)))) ?high))

(deffunction far (?how ?end ?rows ?least ?greatest)      ; the least or the greatest of the lower or the upper bounds
  (bind ?bounds (create$))
  (progn$ (?row ?rows) (bind ?bounds ?bounds (nth$ ?end (limits ?row ?least ?greatest))))
  (bind ?found (nth$ 1 ?bounds))
  (progn$ (?bound ?bounds) (if (eq ?how min) then (bind ?found (min ?found ?bound)) else (bind ?found (max ?found ?bound))))
  ?found)
(deffunction least (?of ?env ?least ?greatest)
  (bind ?sure (rows ?of ?env sure))
  (bind ?all (rows ?of ?env maybe))
  (if (known ?sure)
    then (pair (far min 1 ?all ?least ?greatest) (far min 2 ?sure ?least ?greatest))
    else (pair (far min 1 ?all ?least ?greatest) (far max 2 ?all ?least ?greatest))))
(deffunction greatest (?of ?env ?least ?greatest)
  (bind ?sure (rows ?of ?env sure))
  (bind ?all (rows ?of ?env maybe))
  (if (known ?sure)
    then (pair (far max 1 ?sure ?least ?greatest) (far max 2 ?all ?least ?greatest))
    else (pair (far min 1 ?all ?least ?greatest) (far max 2 ?all ?least ?greatest))))

; A row of facts from the newest back. Rows `any` are all facts of the type, `maybe` and `sure` those that fit the pattern.
(deffunction later (?a ?b) (and (exact ?a) (exact ?b) (> (low ?a) (low ?b))))
(deffunction may-be-later (?a ?b) (not (and (exact ?a) (exact ?b) (<= (low ?a) (low ?b)))))
(deffunction cuts (?breaker ?row)                        ; whether a break at the one day leaves the row out
  (or (not (exact (value ?breaker))) (not (later (value ?row) (value ?breaker)))))
(deffunction kept (?row ?breakers)
  (progn$ (?one ?breakers) (if (cuts ?one ?row) then (return FALSE)))
  TRUE)
(deffunction surely-in-a-row (?of ?env)
  (bind ?fitting (rows ?of ?env sure))
  (bind ?breakers (create$))
  (progn$ (?row (rows ?of ?env any)) (if (not (found (fact ?row) ?fitting)) then (bind ?breakers ?breakers ?row)))
  (bind ?kept (create$))
  (progn$ (?row ?fitting) (if (and (is-sure (fact ?row)) (kept ?row ?breakers)) then (bind ?kept ?kept ?row)))
  ?kept)
(deffunction outrun (?row ?breakers)                     ; certainly older than a certain break
  (progn$ (?one ?breakers) (if (later (value ?one) (value ?row)) then (return TRUE)))
  FALSE)
(deffunction maybe-in-a-row (?of ?env)
  (bind ?fitting (rows ?of ?env maybe))
  (bind ?breakers (create$))
  (progn$ (?row (rows ?of ?env any))
    (if (and (is-sure (fact ?row)) (not (found (fact ?row) ?fitting))) then (bind ?breakers ?breakers ?row)))
  (bind ?kept (create$))
  (progn$ (?row ?fitting) (if (not (outrun ?row ?breakers)) then (bind ?kept ?kept ?row)))
  ?kept)
(deffunction streak (?of ?env) (pair (fewest (surely-in-a-row ?of ?env)) (most (maybe-in-a-row ?of ?env))))
(deffunction held (?of ?env) (pair (length$ (rows ?of ?env sure)) (length$ (rows ?of ?env maybe))))
