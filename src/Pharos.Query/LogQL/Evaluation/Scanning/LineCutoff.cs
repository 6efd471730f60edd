namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>The time beyond which no line is wanted any more, because some worker has enough that are better.</summary>
/// <remarks>Thread-safe; it only ever becomes tighter.</remarks>
internal sealed class LineCutoff(bool backward)
{
    private long _bound = backward ? long.MinValue : long.MaxValue;

    public bool Allows(long timeNs) => backward ? timeNs > Volatile.Read(ref _bound) : timeNs < Volatile.Read(ref _bound);

    public void Tighten(long timeNs)
    {
        var bound = Volatile.Read(ref _bound);
        while (backward ? timeNs > bound : timeNs < bound)
        {
            var seen = Interlocked.CompareExchange(ref _bound, timeNs, bound);
            if (seen == bound)
            {
                return;
            }
            bound = seen;
        }
    }
}
