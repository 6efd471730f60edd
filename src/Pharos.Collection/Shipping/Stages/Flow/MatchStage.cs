namespace Pharos.Collection.Shipping.Stages.Flow;

/// <summary><c>match</c>: runs further stages on the entries that a selector takes, or drops these.</summary>
/// <param name="selects">The selector with its line filters.</param>
/// <param name="inner">Null where matching entries are dropped.</param>
public sealed class MatchStage(Func<ShippedEntry, bool> selects, NestedStage? inner, string reason, StageContext context) : IHoldingStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        if (!selects(entry))
        {
            next.Take(entry);
        }
        else if (inner is not null)
        {
            inner.Process(entry, next);
        }
        else
        {
            context.Dropped(reason);
        }
    }

    public void Flush(long nowMs, bool everything, IEntryOutput next) => inner?.Flush(nowMs, everything, next);

    public void AddHeld(List<SourceRange> held) => inner?.AddHeld(held);
}
