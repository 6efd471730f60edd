using System.Runtime.InteropServices;
using System.IO.Hashing;

namespace Pharos.Collection.Shipping.Stages.Flow;

/// <summary><c>sampling</c>: lets a share of the entries through, spread evenly at random.</summary>
public sealed class SamplingStage(double rate, string reason, StageContext context) : IStage
{
    private long _entries = context.NowNs;

    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        _entries++;
        var random = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in _entries))) >> 11;
        if (random * (1.0 / (1UL << 53)) < rate)
        {
            next.Take(entry);
        }
        else
        {
            context.Dropped(reason);
        }
    }
}
