### The texts of the pages in Arabic. Each key stands in every language's file.

## Every page

skip = انتقل إلى المحتوى
test-mode = وضع تجريبي: لا تُحوَّل أموال حقيقية
languages = اللغة
footer = المدفوعات بواسطة Holdfast
footer-console = لوحة تحكم Holdfast. لا تطلب تسجيل دخول، ولذلك لا تُقدَّم إلا لهذا الجهاز.
date = { $day } { $month } { $year }
date-time = { $date }، { $time } بالتوقيت العالمي
month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = مايو
month-6 = يونيو
month-7 = يوليو
month-8 = أغسطس
month-9 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر
days-left =
    { $days ->
        [0] انتهت المهلة
        [one] بقي يوم واحد
        [two] بقي يومان
        [few] بقيت { $days } أيام
        [many] بقي { $days } يومًا
       *[other] بقي { $days } يوم
    }
problem-not-found = لا توجد صفحة بهذا العنوان
problem-not-found-lead = تأكد من نسخ العنوان كاملًا. رابط الدفع يأتي من المتجر؛ ابدأ من هناك مجددًا إذا لم يعمل هذا الرابط.
problem-form = تعذرت قراءة هذا النموذج
problem-form-lead = لم يتغير شيء. عد إلى الصفحة وحدّثها ثم أرسل النموذج مرة أخرى.
field-malformed = الحقل «{ $field }» يحتوي على ما لا ترسله هذه الصفحة.
field-too-long = الحقل «{ $field }» أطول من { $max } بايت.
field-twice = وصل الحقل «{ $field }» أكثر من مرة.
problem-foreign = لم يأت هذا الطلب من هذه الصفحة
problem-foreign-lead = حاول موقع آخر إرسال هذا النموذج باسمك، فلم يُنفَّذ شيء. افتح الصفحة بنفسك وحاول مجددًا.
problem-busy = الضغط شديد الآن
problem-busy-lead = لم يتغير شيء. حاول مجددًا بعد لحظات.
problem-too-many = طلبات كثيرة جدًا من شبكتك
problem-too-many-lead = لم يتغير شيء. انتظر بضع ثوانٍ ثم حمّل الصفحة من جديد.
problem-failure = حدث خلل من جانبنا
problem-failure-lead = حدّث الصفحة لترى الوضع الحالي. لن يُخصم منك مرتين مقابل عملية الشراء نفسها.

## The pay page

pay-title = ادفع إلى { $shop }
total = الإجمالي
items = المنتجات
shipping = الشحن
free = مجاني
basket =
    { $count ->
        [zero] لا منتجات
        [one] منتج واحد
        [two] منتجان
        [few] { $count } منتجات
        [many] { $count } منتجًا
       *[other] { $count } منتج
    }
sold-by = البائع:
back-to-shop = العودة إلى { $shop }
shipping-choice = الشحن
delivery-between = من { $least } إلى { $most }
delivery-from = { $least } أو أكثر
delivery-within = خلال { $most } على الأكثر
delivery-exactly = خلال { $most } تقريبًا
hours =
    { $count ->
        [one] ساعة واحدة
        [two] ساعتين
        [few] { $count } ساعات
        [many] { $count } ساعة
       *[other] { $count } ساعة
    }
days =
    { $count ->
        [one] يوم واحد
        [two] يومين
        [few] { $count } أيام
        [many] { $count } يومًا
       *[other] { $count } يوم
    }
business-days =
    { $count ->
        [one] يوم عمل واحد
        [two] يومي عمل
        [few] { $count } أيام عمل
        [many] { $count } يوم عمل
       *[other] { $count } يوم عمل
    }
weeks =
    { $count ->
        [one] أسبوع واحد
        [two] أسبوعين
        [few] { $count } أسابيع
        [many] { $count } أسبوعًا
       *[other] { $count } أسبوع
    }
months =
    { $count ->
        [one] شهر واحد
        [two] شهرين
        [few] { $count } أشهر
        [many] { $count } شهرًا
       *[other] { $count } شهر
    }
quantity = الكمية
quantity-of = كمية { $product }
quantity-remove = إزالة
quantity-remove-of = إزالة { $product }
code-label = رمز العرض الترويجي
code-apply = تطبيق
code-applied = رمز العرض الترويجي
code-remove-of = إزالة رمز العرض الترويجي { $code }
code-unknown = لا يوجد رمز ترويجي كهذا
code-over = لم يعد هذا الرمز الترويجي صالحًا
code-basket = هذا الرمز الترويجي ليس لما في السلة
code-first = هذا الرمز الترويجي لعملية الشراء الأولى فقط
shipping-update = تحديث الإجمالي
method = طريقة الدفع
method-card = بطاقة ائتمان أو خصم
method-none = لا يمكن دفع هذه السلة بالبطاقة
method-none-lead =
    { $count ->
        [one] لا يجوز دفع ثمن هذا المنتج بالبطاقة:
       *[other] لا يجوز دفع ثمن هذه المنتجات بالبطاقة:
    }
method-none-advice = عد إلى المتجر وأزله من السلة ثم ادفع ثمن الباقي بالبطاقة.
brands = البطاقات المقبولة
cards-not-taken = غير مقبولة هنا:
cards-credit = بطاقات الائتمان
cards-debit = بطاقات الخصم
cards-prepaid = البطاقات مسبقة الدفع
comma = ،
card-blocked = لا يمكن استخدام هذه البطاقة هنا
card-blocked-lead = لا يقبل المتجر هذا النوع من البطاقات. استخدم بطاقة أخرى.
brand-found = نوع البطاقة:
card-number = رقم البطاقة
card-exp = تاريخ الانتهاء
card-exp-hint = الشهر / السنة
card-code = رمز الأمان
card-code-hint = على الظهر؛ Amex: على الوجه
card-name = الاسم على البطاقة
optional = (اختياري)
card-sealed = تذهب بيانات بطاقتك إلى خدمة البطاقات وحدها، ولا يراها المتجر أبدًا.
card-test-only = في الوضع التجريبي لا تُقبل إلا بطاقات الاختبار المنشورة.
pay-button = ادفع { $total }
book-button = احجز مقابل { $total }
donate-button = تبرّع بمبلغ { $total }
busy = جارٍ سؤال مصرفك…
confirm-next = سترى الإجمالي مرة أخرى في الخطوة التالية، ولا يُخصم شيء قبل أن تؤكد هناك.
promise-shop = يُطلب من مصرفك { $total } ولا شيء غيره.
keep-title = احفظ بطاقة لدى { $shop }
keep-lead = تُحفظ بطاقتك لمشترياتك القادمة، ولا يُخصم شيء الآن.
keep-button = احفظ البطاقة
keep-promise = لا يُخصم شيء. قد يطلب مصرفك التأكد من أنك صاحب البطاقة.
keep-next = تؤكد حفظ البطاقة في الخطوة التالية.
keep-confirm = أكّد حفظ البطاقة
keep-declined = لم نتمكن من حفظ البطاقة
kept = حُفظت بطاقتك
kept-lead = لم يُخصم شيء.
kept-again = البطاقة محفوظة من قبل. لم يُخصم شيء.
kept-at = تاريخ الحفظ
promise = يحجز مصرفك { $total }، ولا يُدفع لأي بائع إلا بعد أن يصلك طردك.
card-error-number-invalid = أدخل رقم البطاقة كاملًا.
card-error-number-incorrect = رقم البطاقة غير صحيح. راجع أرقامه.
card-error-brand = لا تُقبل بطاقات من هذا النوع. استخدم Visa أو Mastercard أو American Express أو Discover.
card-error-month = أدخل الشهر من 01 إلى 12.
card-error-year = أدخل الشهر والسنة، مثل 09 / 30.
card-error-expired = انقضى هذا التاريخ. راجعه أو استخدم بطاقة أخرى.
card-error-code = أدخل الأرقام الثلاثة على الظهر (Amex: أربعة على الوجه).
card-error-name = هذا الاسم أطول من اللازم.
card-error-processing = تعذر الوصول إلى خدمة البطاقات. لم يُخصم شيء. حاول مجددًا بعد لحظات.
not-charged = لم يُخصم منك شيء.
declined = لم تتم عملية الدفع
decline-funds = يقول مصرفك إن الرصيد المتاح في هذه البطاقة لا يكفي. استخدم بطاقة أخرى أو حاول مجددًا عندما يتوفر الرصيد.
decline-expired = يقول مصرفك إن هذه البطاقة منتهية. راجع تاريخ الانتهاء أو استخدم بطاقة أخرى.
decline-code = رمز الأمان غير صحيح. أدخل بطاقتك مجددًا مع الرمز المطبوع عليها.
decline-number = لا يعرف مصرفك رقم هذه البطاقة. أدخله مجددًا أو استخدم بطاقة أخرى.
decline-not-allowed = لا يمكن استخدام هذه البطاقة لهذا الشراء. استخدم بطاقة أخرى أو اسأل مصرفك.
decline-too-often = استُخدمت هذه البطاقة مرات كثيرة في وقت قصير. استخدم بطاقة أخرى أو حاول غدًا.
decline-later = لم يتمكن مصرفك من الرد. حاول مجددًا بعد دقائق أو استخدم بطاقة أخرى.
decline-not-authenticated = لم يتمكن مصرفك من التأكد من هويتك. حاول مجددًا واتبع خطواته حتى النهاية أو استخدم بطاقة أخرى.
decline-no-reason = رفض مصرفك الدفع دون ذكر السبب. استخدم بطاقة أخرى أو اتصل بالرقم المكتوب على ظهر بطاقتك.
total-changed = تغيّر الإجمالي
total-changed-lead = تغيّر شيء في هذا الشراء في هذه الأثناء، ربما في علامة تبويب أخرى. راجع الإجمالي الجديد ثم ادفع.
entry-over = أدخل بطاقتك مرة أخرى
entry-over-lead = استُخدمت بيانات البطاقة أو مضى عليها وقت طويل.
shipping-not-chosen = اختر الشحن أولًا
shipping-not-chosen-lead = عندها يكتمل الإجمالي وتستطيع الدفع.
shipping-refused = تعذر تغيير الشحن
shipping-refused-lead = اختر إحدى الطرق أدناه.
quantity-refused = تعذر تغيير الكمية
quantity-refused-lead = اختر كمية ضمن الحدود المعروضة في الصفحة.
details-missing = ينقص شيء
details-missing-lead = راجع الحقول المُعلَّمة ثم أرسل من جديد.
buyer-email = البريد الإلكتروني
buyer-phone = رقم الهاتف
buyer-name = اسمك الكامل
buyer-business = اسم الشركة
address-shipping = عنوان الشحن
address-billing = عنوان الفوترة
address-same = هو نفسه عنوان الشحن
address-country = البلد أو الإقليم
address-line1 = الشارع ورقم المبنى
address-line2 = الشقة أو الطابق أو المبنى
address-city = المدينة أو البلدة
address-region = الولاية أو المحافظة
address-state = الولاية
address-emirate = الإمارة
address-postal-code = الرمز البريدي
address-zip = الرمز البريدي (ZIP)
ask-choose = اختر واحدًا
ask-missing = املأ هذا الحقل.
ask-email = هذا ليس عنوان بريد إلكتروني.
ask-phone = هذا ليس رقم هاتف.
ask-short = { $count ->
    [one] اكتب حرفًا واحدًا على الأقل.
    [two] اكتب حرفين على الأقل.
    [few] اكتب { $count } أحرف على الأقل.
   *[other] اكتب { $count } حرفًا على الأقل.
}
ask-long = { $count ->
    [one] اكتب حرفًا واحدًا على الأكثر.
    [two] اكتب حرفين على الأكثر.
    [few] اكتب { $count } أحرف على الأكثر.
   *[other] اكتب { $count } حرفًا على الأكثر.
}
ask-digits = اكتب أرقامًا فقط.
ask-card = يبدو هذا رقم بطاقة. مكانه حقل البطاقة وحده.
ask-terms = ضع علامة في المربع للمتابعة.
terms-accept = أوافق على شروط المتجر.
news-wanted = يمكن أن يرسل إليّ { $shop } الأخبار والعروض بالبريد الإلكتروني.
card-reuse = يحتفظ { $shop } ببطاقتك لمدفوعات لاحقة توافق عليها.
confirm = أكّد الدفع
confirm-lead = بيانات بطاقتك مكتملة. لم يُخصم شيء بعد.
other-card = استخدم بطاقة أخرى
ending-in = تنتهي بـ
waiting = جارٍ التحقق مع مصرفك
waiting-lead = يستغرق هذا عادة بضع ثوانٍ. تتابع الصفحة من تلقاء نفسها، ولا يُخصم منك مرتين إذا حدّثتها.
waiting-slow = يستغرق مصرفك وقتًا أطول من المعتاد، ولا نعرف رده بعد.
waiting-slow-advice = يمكنك إغلاق هذه الصفحة وفتحها لاحقًا. لا تدفع مرة ثانية في مكان آخر: فقد تتم هذه العملية، وإن لم تتم فلن يُخصم شيء.
returning = نعيدك إلى المتجر
look-again = تحقق الآن مجددًا
challenge = يريد مصرفك التأكد من هويتك
challenge-lead = في صفحة مصرفك تُدخل رمزًا يرسله إليك المصرف، ثم تعود إلى هنا.
challenge-until = ينتظر مصرفك حتى { $time }.
challenge-go = انتقل إلى مصرفك
closed-expired = انتهت صلاحية صفحة الدفع هذه
closed-expired-lead = لم يُخصم شيء. عد إلى المتجر لتبدأ من جديد؛ ربما لا تزال سلتك هناك.
closed-canceled = أُلغي هذا الشراء
closed-canceled-lead = لم يُخصم شيء.
closed-attempts = رُفضت بطاقات كثيرة
closed-attempts-lead = حمايةً لأصحاب البطاقات لا تقبل هذه الصفحة بطاقات أخرى. لم يُخصم شيء. عد إلى المتجر لتبدأ من جديد.
paid = تم الدفع، شكرًا لك
paid-lead = نحتفظ بمالك حتى تصل الطرود. طُلب من كل بائع أن يشحن.
paid-lead-shop = أُبلغ المتجر بأنك دفعت.
paid-again = سبق دفع هذا الشراء، ولم يُخصم منك مرة أخرى.
paid-at = تاريخ الدفع
paid-with = البطاقة
reference = المرجع
orders-count =
    { $count ->
        [zero] لا طلبات
        [one] طلب واحد
        [two] طلبان
        [few] { $count } طلبات
        [many] { $count } طلبًا
       *[other] { $count } طلب
    }
ships-by = يُشحن قبل { $date }
order-open = تابع الطلب
order-links-advice = احتفظ بهذه الروابط: من يملك أحدها يستطيع رؤية ذلك الطلب وتغييره.

## The order page

order-title = طلبك من { $seller }
order-number = الطلب
order-lines = ما اشتريته
order-awaiting-shipment = بانتظار الشحن
order-awaiting-shipment-lead = يجهّز البائع طردك. إذا لم يُشحن في الموعد أُلغي الطلب واستعدت مالك.
order-shipped = شُحن
order-shipped-lead = طردك في الطريق. نحتفظ بمالك حتى تؤكد وصوله أو تنتهي الحماية.
order-delivered = سُلِّم
order-delivered-lead = أُبلغنا بتسليم طردك. نحتفظ بمالك حتى تؤكد ذلك أو تنتهي الحماية.
order-completed = مكتمل
order-completed-lead = دُفع للبائع.
order-canceled = ملغى
order-canceled-lead = لا تدفع ثمن هذا الطلب. ما حجزه مصرفك أو خصمه يعود إلى بطاقتك.
order-in-claim = قيد الشكوى
order-in-claim-lead = شكواك قيد النظر. نحتفظ بالمال حتى يُبتّ فيها.
order-refunded = رُدّ المال
order-refunded-lead = عاد مال هذا الطلب إلى بطاقتك. تحتاج المصارف من 3 إلى 10 أيام لإظهاره.
canceled-by-buyer = أنت ألغيته.
canceled-by-seller = ألغاه البائع.
canceled-by-platform = ألغته السوق.
canceled-not-shipped = لم يُشحن في الموعد.
canceled-authorization-ending = لم يُشحن قبل انتهاء حجز مصرفك.
canceled-refunded = رُدّ ماله قبل الشحن.
completed-confirmed = أكدت وصوله.
completed-protection-ended = انتهت الحماية دون شكوى.
completed-ruling = بُتّ في شكواك.
completed-operator = أفرجت السوق عن المال.
timeline = ما حدث
step-ahead = لم يحدث بعد
step-paid = تم الدفع
step-shipped = شُحن
step-delivered = سُلِّم
step-completed = اكتمل ودُفع للبائع
step-extended = مُدّدت الحماية
step-cancel-requested = طُلب الإلغاء
step-canceled = أُلغي
step-claim-opened = فُتحت شكوى
step-claim-ruled = بُتّ في الشكوى
step-refunded = رُدّ المال
ship-by = يُشحن قبل
shipped-on = تاريخ الشحن
delivered-on = تاريخ التسليم
carrier = شركة الشحن
tracking = رقم التتبع
protection-ends = الحماية حتى
refunded = المردود
cancel-asked = طُلب الإلغاء
cancel-answer-by = يمكن للبائع أن يعترض حتى { $date }
actions = ما يمكنك فعله
do-confirm = وصلني طردي
do-confirm-lead = كل شيء موجود وكما ينبغي؟ إذن ليُدفع للبائع. ستُسأل مرة أخرى أولًا.
do-extend =
    { $days ->
        [zero] تمديد { $days } يوم
        [one] تمديد يوم واحد
        [two] تمديد يومين
        [few] تمديد { $days } أيام
        [many] تمديد { $days } يومًا
       *[other] تمديد { $days } يوم
    }
do-extend-lead = ما زلت تنتظر؟ مدّد الحماية حتى { $date }. لا يكلفك ذلك شيئًا، ويتأخر الدفع للبائع بالقدر نفسه.
do-claim = افتح شكوى
do-claim-lead = لم يصل، أو ليس ما اشتريته؟ افتح شكوى: يبقى المال هنا حتى يُبتّ فيها.
do-cancel = ألغِ الطلب
do-cancel-lead = غيّرت رأيك؟ ما دام لم يُشحن يمكنك طلب إلغائه.
receipt = هل وصلك طردك؟
receipt-lead = تأكد أولًا أن كل شيء موجود وكما وُصف.
receipt-effect = عندما تؤكد يذهب { $amount } إلى { $seller }. لا يمكن التراجع عن ذلك، ولن تستطيع بعده فتح شكوى هنا.
receipt-yes = نعم، وصلني كل شيء
receipt-no = ليس بعد
cancel = أتريد إلغاء هذا الطلب؟
cancel-at-once = يُلغى الطلب فورًا. لا يمكن التراجع عن ذلك.
cancel-asks =
    { $hours ->
        [zero] يُلغى الطلب إذا لم يعترض البائع.
        [one] لدى البائع ساعة واحدة للاعتراض، مثلًا لأن الطرد في الطريق. يُلغى الطلب إذا لم يرد.
        [two] لدى البائع ساعتان للاعتراض، مثلًا لأن الطرد في الطريق. يُلغى الطلب إذا لم يرد.
        [few] لدى البائع { $hours } ساعات للاعتراض، مثلًا لأن الطرد في الطريق. يُلغى الطلب إذا لم يرد.
       *[other] لدى البائع { $hours } ساعة للاعتراض، مثلًا لأن الطرد في الطريق. يُلغى الطلب إذا لم يرد.
    }
cancel-refund = عند إلغائه يعود { $amount } إلى البطاقة التي دفعت بها.
cancel-yes = ألغِ الطلب
cancel-ask = اطلب الإلغاء
cancel-no = أبقِ الطلب
open-claim = افتح شكوى
open-claim-lead = يبقى { $amount } هنا حتى تقرر السوق، لك أو للبائع أو جزءًا لكل منكما. ولن تستطيع بعدها تأكيد الاستلام.
open-claim-yes = افتح الشكوى
open-claim-no = العودة إلى الطلب
claim-question = ما المشكلة؟
claim-reason-missing = اختر المشكلة.
claim-not-received = لم يصل
claim-not-as-described = ليس كما وُصف
claim-damaged = وصل تالفًا
claim-other = شيء آخر
claim-description = ماذا حدث؟
claim-description-hint = يقرأ هذا البائع والسوق. { $max } حرف على الأكثر.
claim-description-missing = اكتب ما حدث في جملة أو جملتين.
claim-description-long = اختصره إلى { $max } حرف على الأكثر.
claim = الشكوى
claim-reason = السبب
claim-opened = تاريخ فتحها
claim-ruled = تاريخ البتّ فيها
claim-to-buyer = للمشتري
claim-to-seller = للبائع
notice-confirmed = شكرًا لك. يجري الدفع للبائع.
notice-extended = مُدّدت الحماية.
notice-canceled = أُلغي الطلب.
notice-cancel-requested = طُلب من البائع الإلغاء.
notice-claimed = فُتحت شكواك.
notice-not-possible = لم يعد ذلك ممكنًا: تغيّر الطلب. ترى أدناه وضعه الحالي.

## The receipt

receipt-title = إيصال من { $shop }
receipt-link = اعرض الإيصال
receipt-date = التاريخ
receipt-number = رقم الإيصال
receipt-statement = في كشف حسابك
receipt-for = مقابل
receipt-sum-paid = المدفوع
receipt-sum-held = المحجوز
receipt-authorized = محجوز ولم يُخصم
receipt-authorized-lead = حجز مصرفك هذا المبلغ على بطاقتك، ولم يُخصم منه شيء بعد.
receipt-partly-paid = دُفع جزء منه
receipt-partly-paid-lead = الباقي محجوز على بطاقتك حتى يُخصم أو يُلغى حجزه.
receipt-paid = مدفوع
receipt-paid-lead = شكرًا لك. لم يبق عليك شيء مقابل هذا.
receipt-partly-refunded = رُدّ جزء منه
receipt-partly-refunded-lead = يعود جزء مما دفعته إلى بطاقتك. تحتاج المصارف من 3 إلى 10 أيام لإظهاره.
receipt-refunded = مردود
receipt-refunded-lead = يعود كل ما دفعته إلى بطاقتك. تحتاج المصارف من 3 إلى 10 أيام لإظهاره.
receipt-released = لم يُخصم
receipt-released-lead = لم يُخصم شيء من بطاقتك، ولم يعد مصرفك يحجز شيئًا مقابل هذا.
receipt-account = على بطاقتك
receipt-held = محجوز ولم يُخصم بعد
receipt-let-go = أُلغي حجزه دون خصم
receipt-charged = خُصم من بطاقتك
receipt-given-back = المردود
receipt-disputed = استرده مصرفك
receipt-net = ما دفعته في المجموع
returns = المال العائد إليك
returns-more = لا يظهر هنا إلا الأحدث، والمبالغ أعلاه تشمل الكل.
return-refunded = رُدّ
return-refunding = في طريقه إليك
return-released = لم يعد محجوزًا
return-releasing = يجري إلغاء حجزه
receipt-advice = من يملك عنوان هذه الصفحة يستطيع رؤية هذا الإيصال ولا يستطيع فعل شيء آخر به.
discount = خصم
tax = الضريبة

## The console

console = لوحة التحكم
sections = الأقسام
now = الوقت:
nav-home = نظرة عامة
nav-payments = المدفوعات
nav-orders = الطلبات
nav-sellers = البائعون
nav-webhooks = الإشعارات البرمجية
console-shipped = شُحن الطلب، ويجري خصم حصته من الدفعة.
console-delivered = سُلِّم الطلب.
console-canceled = أُلغي الطلب، ويعود ماله إلى المشتري.
console-ruled = بُتّ في الشكوى.
console-not-possible = لم يُنفَّذ شيء: تغيّر الطلب منذ تحميل الصفحة.
console-resent = يُرسل الحدث إلى الوجهة مرة أخرى.
console-not-resent = لم يُرسل شيء: الوجهة معطّلة.
console-not-capturable = لم يُنفَّذ شيء: انتهى حجز البنك على البطاقة أو استُنفد، فلم يعد بالإمكان سحب مبلغ هذا الطلب.
api-reference = مرجع الواجهة البرمجية
api-errors = رموز الأخطاء
example-shop = المتجر التجريبي
sandbox = بيئة التجربة: الهواتف والبنوك والساعة
unknown-outcomes = نتائج مجهولة
unknown-since = أقدمها منذ { $date }
unknown-lead = لا يُعرف هل وافق المصرف. يُسأل المعالج حتى يجيب؛ لا تخصم من هذا المشتري بطريقة أخرى في هذه الأثناء.
to-ship = طلبات للشحن
open-claims = شكاوى مفتوحة
deliveries-retrying = إشعارات يُعاد إرسالها
deliveries-failed =
    { $count ->
        [zero] لم يُتخلَّ عن أي منها
       *[other] تُخلّي عن { $count }
    }
endpoints-count =
    { $count ->
        [zero] لا وجهات
        [one] وجهة واحدة
        [two] وجهتان
        [few] { $count } وجهات
       *[other] { $count } وجهة
    }
money-now = المال الآن
no-money = لم يتحرك أي مال بعد.
on-cards = على بطاقات المشترين، لم يُحصَّل بعد
currency = العملة
held = محتفظ به
to-release = منه غير المجمّد
sellers-available = متاح للبائعين
available = متاح
fees = رسوم المنصة
pending = معلّق
own-balance = رصيد المنصة
own-balance-lead = المتاح يمكن تحويله أو صرفه، وفيه الرسوم. والمعلّق هو المحتفظ به للطلبات وما لم يسوّه المعالج بعد.
balances = الأرصدة
all-sellers = كل البائعين
all-payments = كل المدفوعات
recent-payments = أحدث المدفوعات
no-payments = لا مدفوعات.
no-orders = لا طلبات.
no-sellers = لا بائعين.
no-balance = لا شيء بعد
seller-bank-refused = الحساب { $last4 } رفضه مصرفه
no-events = لا أحداث.
no-attempts = لم تُجرَّب أي بطاقة.
no-journal = لم يُقيَّد شيء. الحجز على البطاقة ليس قيدًا؛ أما الخصم فقيد.
move = الحركة
moves = المسحوب والمحجوز والمُعاد
no-moves = لم يُسحب شيء.
move-capture = سحب
move-held = أموال محجوزة
move-refund = رد
move-reversal = إلغاء حجز على البطاقة
move-succeeded = تم
move-failed = فشل
move-is-held = محجوز
move-frozen = مجمّد
move-settled = تمت تسويته
no-endpoints = لا وجهات للإشعارات.
webhooks-lead = محسوبة على آخر { $count } عملية تسليم لكل نقطة استقبال.
no-deliveries = لا إرسالات.
sellers-lead = المحتفظ به خُصم ولم يُفرج عنه بعد. والمتاح أُفرج عنه بعد طرح رسوم المنصة.
payment = الدفعة
order = الطلب
seller = البائع
account = الحساب
status = الحالة
amount = المبلغ
card = البطاقة
created = أُنشئ
ends = ينتهي
id = المعرّف
all = الكل
filter = تصفية
pages = الصفحات
newer = الأحدث
older = الأقدم
session = جلسة الدفع
shop-reference = مرجع المتجر
capturable = محجوز على البطاقة ولم يُخصم
captured = مخصوم
released = مُفرج عنه
fee = الرسوم
funding = وضع المال
funding-authorized = محجوز على البطاقة
funding-capturing = يجري خصمه
funding-held = محتفظ به
funding-returning = في طريق العودة
funding-returned = عاد إلى المشتري
funding-capture-failed = لم يُخصم
capture-failed-lead = فشل الخصم ({ $code }). قد يكون الطرد في الطريق دون ماله: تحدث إلى البائع.
attempts = المحاولات
attempt = المحاولة
journal = دفتر اليومية
entry = القيد
debit = مدين
credit = دائن
events = الأحداث
event = الحدث
payment-requires-payment-method = تلزم بطاقة
payment-requires-confirmation = لم يؤكَّد
payment-requires-action = في صفحة المصرف
payment-processing = قيد السؤال
payment-requires-capture = مصرّح به
payment-succeeded = مخصوم
payment-canceled = ملغى
attempt-sending = قيد السؤال
attempt-unknown = مجهولة
attempt-challenged = في صفحة المصرف
attempt-authorized = قُبلت
attempt-declined = رُفضت
ship = شحن
ship-lead = تُخصم حصته من الدفعة الآن، وتبدأ مهلة الحماية.
ship-yes = سجّله كمشحون
ship-too-long = 80 حرفًا لكل حقل على الأكثر.
deliver = تسليم
deliver-lead = للمشتري بعدها أن يعترض حتى نهاية الحماية.
deliver-yes = سجّله كمسلَّم
cancel-order = إلغاء
cancel-order-lead = يستعيد المشتري مال هذا الطلب. لا يمكن التراجع عن ذلك.
cancel-order-yes = ألغِ الطلب
rule = البتّ في الشكوى
rule-question = لمن يذهب المبلغ المحتفظ به { $amount }؟
rule-buyer = للمشتري كله
rule-seller = للبائع كله
rule-split = يُقسَّم
rule-to-buyer = حصة المشتري بعملة { $currency }
rule-to-buyer-hint = للتقسيم فقط. للبائع الباقي بعد طرح رسوم المنصة.
rule-split-no-sum = أدخل مبلغًا، مثل 12.50.
rule-split-range = أدخل أكثر من لا شيء وأقل من كل المحتفظ به.
rule-yes = بتّ
endpoint = الوجهة
enabled = مفعّلة
disabled = معطّلة
delivered = وصلت
retrying = يُعاد إرسالها
failed = تُخلّي عنها
deliveries = الإرسالات
delivery-pending = بالانتظار
delivery-retrying = يُعاد إرساله
delivery-delivered = وصل
delivery-failed = تُخلّي عنه
tries = المحاولات
answers = الردود
no-answer = لا رد
took-ms = بعد { $ms } ملي ثانية
resend-yes = أعد الإرسال
next-try = المحاولة التالية

## The pages of a seller
seller-link-over = لم يعد هذا الرابط صالحًا
seller-link-over-lead = استُخدم من قبل أو انتهت مدته. اطلب رابطًا جديدًا من السوق.
seller-onboarding = البيع في السوق
seller-onboarding-lead = أخبرنا من أنت وإلى أين تذهب أموالك. يمكنك تغيير ذلك لاحقًا.
seller-name = اسمك أو اسم متجرك
seller-country = بلد مصرفك
seller-email = البريد الإلكتروني
seller-bank = الحساب المصرفي لمدفوعاتك
seller-bank-kept = يبقى الحساب المنتهي بـ { $last4 } ما لم تُدخل حسابًا آخر.
seller-routing = رقم المصرف
seller-routing-hint = رقم التوجيه أو رمز الفرع أو رمز المصرف. اتركه فارغًا مع رقم IBAN.
seller-number = رقم الحساب أو IBAN
seller-number-hint = تُقبل هنا حسابات الاختبار فقط، ولا يُحفظ أي رقم حساب حقيقي.
seller-test-accounts = حسابات اختبار يمكنك استخدامها
seller-save = حفظ ومتابعة
seller-name-missing = أدخل اسمك أو اسم متجرك.
seller-country-missing = اختر بلدًا.
seller-email-wrong = أدخل عنوان بريد إلكتروني مثل name@shop.example.
seller-routing-missing = أدخل رقم المصرف: للحسابات في هذا البلد رقم مصرف.
seller-routing-unknown = ليس هذا مصرف الاختبار في هذا البلد. اختر واحدًا من القائمة أدناه.
seller-number-missing = أدخل رقم حسابك.
seller-number-unknown = ليس هذا حساب اختبار في هذا البلد. اختر واحدًا من القائمة أدناه.
seller-done = أنت جاهز للبيع
seller-done-lead = حُفظت إجاباتك. ستعود الآن إلى السوق.
seller-home = أموالك
seller-paying = في الطريق إلى مصرفك
seller-bank-ends = تذهب المدفوعات إلى الحساب المنتهي بـ { $last4 }.
seller-bank-stopped = رفض مصرف الحساب المنتهي بـ { $last4 } دفعة. لن يُدفع إليه شيء بعد الآن؛ اطلب من السوق رابطًا لتسمية حساب آخر.
seller-no-bank = لا يوجد حساب مصرفي للدفع إليه بعد.
seller-payouts = المدفوعات إلى المصرف
seller-no-payouts = لا مدفوعات بعد.
payout-pending = تغادر قريبًا، متوقعة في
payout-in-transit = في الطريق، متوقعة في
payout-paid = وصلت في
payout-failed = عادت؛ كانت متوقعة في
payout-canceled = أُلغيت؛ كانت متوقعة في
country-au = أستراليا
country-at = النمسا
country-be = بلجيكا
country-ca = كندا
country-fi = فنلندا
country-fr = فرنسا
country-de = ألمانيا
country-gr = اليونان
country-ie = أيرلندا
country-it = إيطاليا
country-jp = اليابان
country-nl = هولندا
country-pt = البرتغال
country-es = إسبانيا
country-gb = المملكة المتحدة
country-us = الولايات المتحدة
