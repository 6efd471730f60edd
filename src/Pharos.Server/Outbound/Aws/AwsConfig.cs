using System.Text;
using Pharos.Storage.Model;

namespace Pharos.Server.Outbound.Aws;

/// <summary>As whom requests to Amazon's services are signed; what is empty is taken from the surroundings.</summary>
internal sealed record AwsConfig
{
    /// <summary>The service as signatures name it: <c>aps</c>, <c>ec2</c>.</summary>
    public required string Service { get; init; }

    public string Region { get; init; } = "";

    public Secret? AccessKey { get; init; }

    public Secret? SecretKey { get; init; }

    /// <summary>A section of the shared files below <c>~/.aws</c>.</summary>
    public string Profile { get; init; } = "";

    /// <summary>A role that is taken on with the credentials found.</summary>
    public string RoleArn { get; init; } = "";

    public string ExternalId { get; init; } = "";

    public bool UseFipsSts { get; init; }

    internal void AppendTo(StringBuilder text, OAuth2Config.SecretAppender append)
    {
        text.Append(Service).Append('\n').Append(Region).Append('\n').Append(Profile).Append('\n').Append(RoleArn).Append('\n')
            .Append(ExternalId).Append('\n').Append(UseFipsSts).Append('\n');
        append(text, AccessKey, SecretKey);
    }
}
