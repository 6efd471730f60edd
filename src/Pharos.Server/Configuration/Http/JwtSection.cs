using System.Globalization;
using System.Text.Json;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Http;

/// <summary>Reads the keys of <c>oauth2</c> for the JWT bearer grant.</summary>
internal static class JwtSection
{
    private const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /// <returns>Null where another grant is asked for.</returns>
    public static JwtAssertionConfig? Read(YamlMappingReader section)
    {
        var grant = section.Text("grant_type", "client_credentials");
        section.ErrorUnless(grant is "client_credentials" or JwtBearer, "grant_type",
            $"unsupported oauth2 grant_type {YamlValue.Echo(grant)}, must be client_credentials or {JwtBearer}");
        var algorithm = section.Text("signature_algorithm", "RS256");
        section.ErrorUnless(algorithm is "RS256" or "RS384" or "RS512", "signature_algorithm",
            "oauth2 signature_algorithm must be RS256, RS384 or RS512");
        var key = HttpClientSection.ReadPair(
            section, "oauth2", "client_certificate_key", "client_certificate_key_file", "client_certificate_key_ref");
        var config = new JwtAssertionConfig
        {
            Key = key ?? Secret.Inline(""),
            KeyId = section.Text("client_certificate_key_id"),
            Algorithm = algorithm,
            Issuer = section.Text("iss"),
            Audience = section.Text("audience"),
            Claims = [.. section.Entries("claims").Select(claim => KeyValuePair.Create(claim.Key, Json(claim.Value.Node)))],
        };
        if (grant != JwtBearer)
        {
            return null;
        }
        section.ErrorUnless(key is not null, "client_certificate_key",
            "oauth2 client_certificate_key or client_certificate_key_file must be configured when using the jwt-bearer grant type");
        return config;
    }

    private static string Json(YamlNode node) => node switch
    {
        YamlMapping mapping => "{" + string.Join(',', mapping.Entries.Select(entry => $"{JsonSerializer.Serialize(entry.Key.Text)}:{Json(entry.Value)}")) + "}",
        YamlSequence list => "[" + string.Join(',', list.Items.Select(Json)) + "]",
        YamlScalar { IsNull: true } => "null",
        YamlScalar { IsPlain: true } scalar when scalar.Text is "true" or "false" => scalar.Text,
        YamlScalar { IsPlain: true } scalar when YamlScalarTypes.Integer(scalar.Text) is { } number =>
            number.ToString(CultureInfo.InvariantCulture),
        YamlScalar scalar => JsonSerializer.Serialize(scalar.Text),
        _ => "null",
    };
}
