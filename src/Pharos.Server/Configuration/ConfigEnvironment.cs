namespace Pharos.Server.Configuration;

/// <summary>What of the process's surroundings decides how a file is read.</summary>
/// <param name="Variable">The value of an environment variable, null where it is not set.</param>
/// <param name="InsideCluster">Whether the process runs inside a Kubernetes cluster.</param>
internal sealed record ConfigEnvironment(Func<string, string?> Variable, bool InsideCluster)
{
    /// <summary>The surroundings of this process.</summary>
    public static ConfigEnvironment Process { get; } = new(Environment.GetEnvironmentVariable,
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST")));

    /// <summary>Where Kubernetes puts a pod's token, authority and namespace.</summary>
    public string ServiceAccountFolder { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";
}
