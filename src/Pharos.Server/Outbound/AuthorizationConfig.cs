using Pharos.Storage.Model;

namespace Pharos.Server.Outbound;

/// <summary>An <c>Authorization</c> header: its scheme and what follows.</summary>
internal sealed record AuthorizationConfig(string Type, Secret? Credentials);
