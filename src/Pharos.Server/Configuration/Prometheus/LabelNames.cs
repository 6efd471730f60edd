using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Which texts may name a label under the validation scheme in force.</summary>
internal static class LabelNames
{
    public static bool IsValid(string name, bool legacy) => legacy ? MetricNames.IsLegacyValidLabel(name) : name.Length > 0;
}
