using Pharos.Storage.Model;

namespace Pharos.Server.Outbound;

/// <summary>Through which proxy requests go.</summary>
/// <param name="Url">Null: none, unless <paramref name="FromEnvironment"/> names one.</param>
/// <param name="NoProxy">Hosts, domains and networks that are reached directly, comma-separated.</param>
/// <param name="ConnectHeaders">Sent to the proxy with CONNECT.</param>
internal sealed record ProxyConfig(
    Uri? Url, string NoProxy, bool FromEnvironment, IReadOnlyList<KeyValuePair<string, Secret>> ConnectHeaders)
{
    public static readonly ProxyConfig None = new(null, "", FromEnvironment: false, []);
}
