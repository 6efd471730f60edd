using Pharos.Storage.Logs.Head;
using Pharos.Storage.Model;

namespace Pharos.Storage.Logs;

/// <summary>A stream's labels with its tenant under the empty name, as parts have and sort them.</summary>
internal static class LogStreamKey
{
    public static LabelSet Of(LogStream stream)
    {
        var labels = stream.Labels.Span;
        var all = new Label[labels.Length + 1];
        all[0] = new Label(LogHead.TenantLabel, stream.Tenant);
        labels.CopyTo(all.AsSpan(1));
        return new LabelSet(all);
    }
}
