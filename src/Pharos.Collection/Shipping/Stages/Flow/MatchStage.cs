using Pharos.Query.LogQL;

namespace Pharos.Collection.Shipping.Stages.Flow;

/// <summary><c>match</c>: runs further stages on the entries that a selector takes, or drops these.</summary>
/// <param name="selector">With its line filters and further stages.</param>
/// <param name="inner">Null where matching entries are dropped.</param>
public sealed class MatchStage(LineSelector selector, NestedStage? inner, string reason, StageContext context) : IHoldingStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        if (!selector.Selects(entry.Labels.Build(), entry.Utf8Line().Span, entry.TimeNs))
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
