namespace Pharos.Query.LogQL.Evaluation;

/// <summary>The moments at which a query is evaluated, nanoseconds.</summary>
internal readonly record struct StepGrid(long StartNs, long StepNs, int Count)
{
    public long At(int step) => StartNs + (step * StepNs);

    public long EndNs => At(Count - 1);

    /// <summary>The steps whose windows (T-R, T], moved into the past by an offset, hold a time; none where the last is before the first.</summary>
    public (int First, int Last) StepsWith(long timeNs, long rangeNs, long offsetNs)
    {
        var moved = timeNs + offsetNs;
        if (Count == 1)
        {
            return moved <= StartNs && moved > StartNs - rangeNs ? (0, 0) : (0, -1);
        }
        // T >= moved and T < moved + R.
        var first = moved <= StartNs ? 0 : ((moved - StartNs) + StepNs - 1) / StepNs;
        var beyond = moved + rangeNs - StartNs;
        var last = beyond <= 0 ? -1 : (beyond - 1) / StepNs;
        return first >= Count ? (0, -1) : ((int)first, (int)Math.Min(Count - 1, last));
    }
}
