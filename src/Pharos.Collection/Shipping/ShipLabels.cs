using Pharos.Collection.Shipping.Stages;
using Pharos.Storage.Model;

namespace Pharos.Collection.Shipping;

/// <summary>The labels under which an entry is sent.</summary>
internal static class ShipLabels
{
    /// <summary>Whose entry it is, after relabeling.</summary>
    public const string Tenant = "__tenant_id__";

    /// <summary>Without those that begin with two underscores, and with the client's own where the entry does not have them.</summary>
    public static LabelSet Of(ShippedEntry entry, LabelSet external)
    {
        var labels = entry.Labels.Build();
        var isClean = true;
        foreach (var label in labels.Span)
        {
            isClean &= !label.Name.StartsWith("__", StringComparison.Ordinal);
        }
        if (isClean && external.Count == 0)
        {
            return labels;
        }
        var sent = new LabelSetBuilder(external);
        foreach (var label in labels.Span)
        {
            if (!label.Name.StartsWith("__", StringComparison.Ordinal))
            {
                sent.Set(label.Name, label.Value);
            }
        }
        return sent.Build();
    }
}
