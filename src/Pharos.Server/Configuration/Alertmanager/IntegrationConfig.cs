using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>One entry of a receiver's <c>*_configs</c>, and how its HTTP client connects.</summary>
internal sealed record IntegrationConfig<T>(T Options, HttpClientConfig Http);
