using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.OpenStack;

/// <summary>Who logs in to Keystone, and for which project; what is empty is not sent.</summary>
public sealed record OpenStackLogin
{
    public string Username { get; init; } = "";

    public string UserId { get; init; } = "";

    public Secret? Password { get; init; }

    public string DomainName { get; init; } = "";

    public string DomainId { get; init; } = "";

    public string ProjectName { get; init; } = "";

    public string ProjectId { get; init; } = "";

    public string ApplicationCredentialName { get; init; } = "";

    public string ApplicationCredentialId { get; init; } = "";

    public Secret? ApplicationCredentialSecret { get; init; }
}
