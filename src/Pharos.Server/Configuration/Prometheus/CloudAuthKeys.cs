using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Server.Outbound.Aws;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads the sections by which requests authenticate to the large clouds.</summary>
internal static class CloudAuthKeys
{
    private const string Unsigned = "requests are sent without this cloud's token";

    /// <param name="service">What requests are signed for where the section does not say.</param>
    public static AwsConfig ReadSigV4(YamlMappingReader section, string service)
    {
        section.ErrorUnless(section.Has("access_key") == section.Has("secret_key"), "access_key",
            "must provide a AWS SigV4 Access key and Secret Key if credentials are specified in the SigV4 config");
        var config = new AwsConfig
        {
            Service = section.Text("service_name", service),
            Region = section.Text("region"),
            AccessKey = section.InlineSecret("access_key"),
            SecretKey = section.InlineSecret("secret_key"),
            Profile = section.Text("profile"),
            RoleArn = section.Text("role_arn"),
            ExternalId = section.Text("external_id"),
            UseFipsSts = section.Flag("use_fips_sts_endpoint"),
        };
        section.Done();
        return config;
    }

    /// <summary>What of these sections stands beside the keys of <c>http_config</c>, of which at most one may.</summary>
    public static HttpClientConfig ReadAll(YamlMappingReader remote, HttpClientConfig http)
    {
        var given = new[] { "basic_auth", "authorization", "oauth2", "sigv4", "azuread", "google_iam" }.Where(remote.Has).ToList();
        if (given.Count > 1 && given.Exists(key => key is "sigv4" or "azuread" or "google_iam"))
        {
            remote.ErrorAt(given[^1],
                "at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam must be configured");
        }
        if (remote.Mapping("azuread") is { } azure)
        {
            http = http with { OAuth2 = ReadAzure(azure) };
            if (http.OAuth2 is null)
            {
                remote.KeyOf("azuread")!.NotHonoured($"{Unsigned}: of Azure's ways only oauth is supported");
            }
        }
        if (remote.Mapping("google_iam") is { } google)
        {
            google.Accept("credentials_file");
            google.Done();
            remote.KeyOf("google_iam")!.NotHonoured(Unsigned);
        }
        return remote.Mapping("sigv4") is { } sigv4 ? http with { Aws = ReadSigV4(sigv4, "aps") } : http;
    }

    /// <summary>Null where the section asks for another way than a client's secret.</summary>
    private static OAuth2Config? ReadAzure(YamlMappingReader azure)
    {
        azure.Accept("managed_identity", "sdk", "workload_identity");
        var cloud = azure.Text("cloud", "AzurePublic");
        var (login, audience) = cloud switch
        {
            "AzureChina" => ("login.chinacloudapi.cn", "https://monitor.azure.cn//.default"),
            "AzureGovernment" => ("login.microsoftonline.us", "https://monitor.azure.us//.default"),
            _ => ("login.microsoftonline.com", "https://monitor.azure.com//.default"),
        };
        azure.ErrorUnless(cloud is "AzurePublic" or "AzureChina" or "AzureGovernment", "cloud",
            "Cloud must be one of AzurePublic, AzureChina, AzureGovernment");
        var scope = azure.Text("scope", audience);
        OAuth2Config? config = null;
        if (azure.Mapping("oauth") is { } oauth)
        {
            foreach (var key in (ReadOnlySpan<string>)["client_id", "client_secret", "tenant_id"])
            {
                oauth.ErrorUnless(oauth.Has(key), key, $"must provide an Azure OAuth {key} in the Azure AD config");
            }
            config = new OAuth2Config
            {
                ClientId = oauth.Text("client_id"),
                ClientSecret = oauth.InlineSecret("client_secret"),
                TokenUrl = new Uri($"https://{login}/{Uri.EscapeDataString(oauth.Text("tenant_id"))}/oauth2/v2.0/token"),
                Scopes = [scope],
            };
            oauth.Done();
        }
        azure.Done();
        return config;
    }
}
