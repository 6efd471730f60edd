using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pharos.Server.Outbound;

/// <summary>Writes and signs the assertion of the JWT bearer grant.</summary>
internal static class JwtAssertion
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <exception cref="HttpRequestException">The key cannot be used; the message does not show it.</exception>
    public static string Create(OAuth2Config config, JwtAssertionConfig jwt, DateTimeOffset now)
    {
        var header = Json(json =>
        {
            json.WriteString("alg", jwt.Algorithm);
            json.WriteString("typ", "JWT");
            if (jwt.KeyId.Length > 0)
            {
                json.WriteString("kid", jwt.KeyId);
            }
        });
        var own = new HashSet<string>(jwt.Claims.Select(claim => claim.Key), StringComparer.Ordinal);
        var claims = Json(json =>
        {
            void Write(string name, string value)
            {
                if (value.Length > 0 && !own.Contains(name))
                {
                    json.WriteString(name, value);
                }
            }
            Write("iss", jwt.Issuer.Length > 0 ? jwt.Issuer : config.ClientId);
            Write("sub", config.ClientId);
            Write("aud", jwt.Audience.Length > 0 ? jwt.Audience : config.TokenUrl.OriginalString);
            Write("jti", Guid.NewGuid().ToString());
            Write("scope", string.Join(' ', config.Scopes));
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + Lifetime).ToUnixTimeSeconds());
            foreach (var (name, value) in jwt.Claims)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value);
            }
        });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(Sign(jwt, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static byte[] Sign(JwtAssertionConfig jwt, byte[] text)
    {
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(jwt.Key.Reveal());
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new HttpRequestException("oauth2: client_certificate_key is no RSA key in PEM", e);
        }
        var hash = jwt.Algorithm switch
        {
            "RS384" => HashAlgorithmName.SHA384,
            "RS512" => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };
        return key.SignData(text, hash, RSASignaturePadding.Pkcs1);
    }

    private static byte[] Json(Action<Utf8JsonWriter> members)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
