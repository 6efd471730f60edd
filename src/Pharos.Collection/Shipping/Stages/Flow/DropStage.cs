namespace Pharos.Collection.Shipping.Stages.Flow;

/// <summary><c>drop</c>: drops an entry for which every condition holds.</summary>
public sealed class DropStage(DropOptions options, StageContext context) : IStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        if (Drops(entry))
        {
            context.Dropped(options.Reason);
        }
        else
        {
            next.Take(entry);
        }
    }

    private bool Drops(ShippedEntry entry)
    {
        if (options.LongerThanBytes is { } longest && entry.LineBytes <= longest)
        {
            return false;
        }
        if (options.OlderThan is { } oldest && entry.TimeNs >= context.NowNs - (oldest.Ticks * 100))
        {
            return false;
        }
        if (options.Sources.Count == 0)
        {
            return options.Expression is null || options.Expression.Match(entry.Line).Success;
        }
        if (options.Expression is null)
        {
            return options.Sources.All(entry.Extracted.ContainsKey);
        }
        var found = options.Sources.Where(entry.Extracted.ContainsKey).Select(entry.Text).ToList();
        return !found.Contains(null) && options.Expression.Match(string.Join(options.Separator, found)).Success;
    }
}
