using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Loki.Enrichment;

/// <summary>Gives every stream the label <c>service_name</c>.</summary>
public static class ServiceNames
{
    public const string Label = "service_name";

    public const string Unknown = "unknown_service";

    /// <summary>Loki's default of <c>discover_service_name</c>: the first label that a stream has says its service.</summary>
    public static readonly IReadOnlyList<string> DefaultSources =
    [
        "service", "app", "application", "app_name", "name", "app_kubernetes_io_name", "container", "container_name", "k8s_container_name",
        "component", "workload", "job", "k8s_job_name",
    ];

    /// <param name="sources">None: nothing is added.</param>
    public static LabelSet Complete(LabelSet labels, IReadOnlyList<string> sources)
    {
        if (sources.Count == 0 || labels.Has(Label))
        {
            return labels;
        }
        foreach (var source in sources)
        {
            if (labels[source] is { Length: > 0 } name)
            {
                return labels.With(Label, name);
            }
        }
        return labels.With(Label, Unknown);
    }
}
