using Pharos.Storage.Model;

namespace Pharos.Server.Outbound;

/// <summary>A user's name and password, each inline or in a file.</summary>
internal sealed record BasicAuthConfig(Secret? Username, Secret? Password);
