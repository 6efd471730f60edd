using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Accepts the sections that sign requests for the large clouds.</summary>
internal static class CloudAuthKeys
{
    private const string Unsigned = "requests are sent without this cloud's signature";

    public static void AcceptSigV4(YamlMappingReader section)
    {
        section.Accept("region", "access_key", "secret_key", "profile", "role_arn", "external_id", "use_fips_sts_endpoint",
            "service_name");
        section.ErrorUnless(section.Has("access_key") == section.Has("secret_key"), "access_key",
            "must provide a AWS SigV4 Access key and Secret Key if credentials are specified in the SigV4 config");
        section.Done();
    }

    public static void AcceptAll(YamlMappingReader remote)
    {
        if (remote.Mapping("sigv4") is { } sigv4)
        {
            AcceptSigV4(sigv4);
            remote.KeyOf("sigv4")!.NotHonoured(Unsigned);
        }
        if (remote.Mapping("azuread") is { } azure)
        {
            azure.Accept("managed_identity", "oauth", "sdk", "workload_identity", "cloud", "scope");
            azure.Done();
            remote.KeyOf("azuread")!.NotHonoured(Unsigned);
        }
        if (remote.Mapping("google_iam") is { } google)
        {
            google.Accept("credentials_file");
            google.Done();
            remote.KeyOf("google_iam")!.NotHonoured(Unsigned);
        }
    }
}
