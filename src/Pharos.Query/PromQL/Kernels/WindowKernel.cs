namespace Pharos.Query.PromQL.Kernels;

/// <summary>Does for all windows of a series of plain numbers what a <see cref="Ranges.RangeFunction"/> does for one, bit by
/// bit: the function is its oracle.</summary>
/// <param name="row">One value per step; what stands where there is none does not matter.</param>
/// <param name="present">Whether there is one; all false at first.</param>
internal delegate void WindowKernel(in PlainWindows windows, Span<double> row, Span<bool> present);
