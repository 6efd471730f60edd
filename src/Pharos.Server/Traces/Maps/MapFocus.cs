namespace Pharos.Server.Traces.Maps;

/// <summary>A node whose neighbours are looked at.</summary>
/// <param name="Version">Of an app; empty for all.</param>
internal sealed record MapFocus(string Namespace, string Workload, string App, string Version, string Service)
{
    public bool IsSource(in MapParty party) => Service.Length == 0 && party.WorkloadNamespace == Namespace && IsNamed(party);

    public bool IsTarget(in MapParty party) => Service.Length > 0
        ? party.ServiceNamespace == Namespace && party.Service == Service : party.WorkloadNamespace == Namespace && IsNamed(party);

    private bool IsNamed(in MapParty party) => Workload.Length > 0 ? party.Workload == Workload
        : party.App == App && (Version.Length == 0 || party.Version == Version);
}
