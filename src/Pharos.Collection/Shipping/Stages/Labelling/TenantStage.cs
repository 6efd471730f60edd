namespace Pharos.Collection.Shipping.Stages.Labelling;

/// <summary><c>tenant</c>: whose entry it is, from an extracted value, a label, or the configuration.</summary>
public sealed class TenantStage(string? source, string? label, string? value) : IStage
{
    public void Process(ShippedEntry entry, IEntryOutput next)
    {
        var tenant = source is not null ? entry.Text(source) : label is not null ? entry.Labels[label] : value;
        if (!string.IsNullOrEmpty(tenant))
        {
            entry.Tenant = tenant;
        }
        next.Take(entry);
    }
}
