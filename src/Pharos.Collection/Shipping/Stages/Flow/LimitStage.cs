namespace Pharos.Collection.Shipping.Stages.Flow;

/// <summary><c>limit</c>: no more entries a second than this; the others wait or are dropped.</summary>
public sealed class LimitStage(LimitOptions options, RateLimits limits, StageContext context) : IStage
{
    private const string Reason = "ratelimit_drop_stage";

    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        if (options.ByLabel.Length > 0)
        {
            if (entry.Labels.Has(options.ByLabel) && !limits.Of(entry.Labels[options.ByLabel]).TryTake())
            {
                context.Dropped(Reason);
                return;
            }
        }
        else if (!options.Drop)
        {
            context.Wait += limits.All.Take();
        }
        else if (!limits.All.TryTake())
        {
            context.Dropped(Reason);
            return;
        }
        next.Take(entry);
    }
}
