#ifndef SAL_H
#define SAL_H

/*
 * Microsoft's annotations, which its analyzers read. To a compiler they are nothing.
 * learn.microsoft.com/cpp/code-quality/understanding-sal and
 * learn.microsoft.com/windows-hardware/drivers/devtest/sal-2-annotations-for-windows-drivers
 */

/* Arguments and results (SAL 2). */
#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _Out_
#define _Out_opt_
#define _Inout_
#define _Inout_opt_
#define _Inout_z_
#define _Outptr_
#define _Outptr_opt_
#define _Outptr_result_maybenull_
#define _Outptr_result_nullonfailure_
#define _Outptr_opt_result_maybenull_
#define _Deref_out_
#define _Deref_out_opt_
#define _Reserved_
#define _Const_
#define _Notnull_
#define _Maybenull_
#define _Null_terminated_
#define _NullNull_terminated_
#define _Printf_format_string_
#define _Points_to_data_
#define _In_reads_(n)
#define _In_reads_opt_(n)
#define _In_reads_z_(n)
#define _In_reads_bytes_(n)
#define _In_reads_bytes_opt_(n)
#define _Out_writes_(n)
#define _Out_writes_opt_(n)
#define _Out_writes_z_(n)
#define _Out_writes_bytes_(n)
#define _Out_writes_bytes_opt_(n)
#define _Out_writes_all_(n)
#define _Out_writes_bytes_all_(n)
#define _Out_writes_to_(n, m)
#define _Out_writes_to_opt_(n, m)
#define _Out_writes_bytes_to_(n, m)
#define _Out_writes_bytes_to_opt_(n, m)
#define _Inout_updates_(n)
#define _Inout_updates_opt_(n)
#define _Inout_updates_bytes_(n)
#define _Inout_updates_bytes_opt_(n)
#define _Inout_updates_all_(n)
#define _Inout_updates_bytes_all_(n)
#define _Outptr_result_buffer_(n)
#define _Outptr_result_bytebuffer_(n)
#define _Outptr_opt_result_buffer_(n)
#define _Outptr_opt_result_bytebuffer_(n)
#define _In_range_(a, b)
#define _Out_range_(a, b)
#define _Ret_maybenull_
#define _Ret_notnull_
#define _Ret_z_
#define _Ret_range_(a, b)
#define _Ret_writes_(n)
#define _Ret_writes_bytes_(n)
#define _Ret_writes_maybenull_(n)
#define _Ret_writes_bytes_maybenull_(n)

/* Functions, members and conditions. */
#define _Check_return_
#define _Must_inspect_result_
#define _Use_decl_annotations_
#define _Success_(c)
#define _When_(c, a)
#define _At_(t, a)
#define _On_failure_(a)
#define _Always_(a)
#define _Pre_satisfies_(c)
#define _Post_satisfies_(c)
#define _Function_class_(c)
#define _Field_size_(n)
#define _Field_size_opt_(n)
#define _Field_size_bytes_(n)
#define _Field_size_bytes_opt_(n)
#define _Field_range_(a, b)
#define _Field_z_
#define _Struct_size_bytes_(n)
#define _Analysis_assume_(c)
#define __analysis_assume(c)

/* At which level, under which lock, whose memory. */
#define _IRQL_requires_(l)
#define _IRQL_requires_max_(l)
#define _IRQL_requires_min_(l)
#define _IRQL_requires_same_
#define _IRQL_raises_(l)
#define _IRQL_saves_
#define _IRQL_restores_
#define _IRQL_saves_global_(k, p)
#define _IRQL_restores_global_(k, p)
#define _Acquires_lock_(l)
#define _Releases_lock_(l)
#define _Requires_lock_held_(l)
#define _Requires_lock_not_held_(l)
#define _Kernel_float_saved_
#define _Kernel_float_restored_
#define _Kernel_float_used_
#define _Interlocked_operand_
#define __drv_aliasesMem
#define __drv_freesMem(k)
#define __drv_allocatesMem(k)
#define __drv_maxIRQL(l)
#define __drv_minIRQL(l)
#define __drv_requiresIRQL(l)
#define __drv_raisesIRQL(l)
#define __drv_setsIRQL(l)
#define __drv_savesIRQL
#define __drv_restoresIRQL
#define __drv_sameIRQL
#define __drv_functionClass(c)
#define __drv_when(c, a)
#define __drv_at(t, a)
#define __drv_in(a)
#define __drv_out(a)
#define __drv_dispatchType(t)

/* The kits before (SAL 1). */
#define __in
#define __in_opt
#define __out
#define __out_opt
#define __inout
#define __inout_opt
#define __deref_in
#define __deref_out
#define __deref_out_opt
#define __deref_opt_out
#define __deref_opt_out_opt
#define __deref_inout
#define __deref_inout_opt
#define __reserved
#define __nullterminated
#define __checkReturn
#define __in_bcount(n)
#define __in_ecount(n)
#define __in_bcount_opt(n)
#define __in_ecount_opt(n)
#define __out_bcount(n)
#define __out_ecount(n)
#define __out_bcount_opt(n)
#define __out_ecount_opt(n)
#define __out_bcount_full(n)
#define __out_ecount_full(n)
#define __out_bcount_part(n, m)
#define __out_ecount_part(n, m)
#define __inout_bcount(n)
#define __inout_ecount(n)
#define __inout_bcount_opt(n)
#define __inout_ecount_opt(n)
#define __deref_out_bcount(n)
#define __deref_out_ecount(n)
#define __bcount(n)
#define __ecount(n)
#define __field_bcount(n)
#define __field_ecount(n)
#define __field_bcount_opt(n)
#define __field_ecount_opt(n)
#define __range(a, b)
#define __in_range(a, b)
#define __out_range(a, b)
#define __field_range(a, b)
#define __success(c)
#define __control_entrypoint(c)
#define __format_string

#endif
