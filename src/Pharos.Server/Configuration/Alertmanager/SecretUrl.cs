using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads a URL that is a secret (webhooks carry their token in the path), inline or in a file; never repeats it.</summary>
internal static class SecretUrl
{
    /// <summary>Reads <paramref name="key"/> and its <c>_file</c> twin; a text that holds a template is not checked.</summary>
    public static Secret? Read(YamlMappingReader section, string key)
    {
        var secret = section.SecretOrFile(key, $"{key}_file");
        if (secret is { File: null } && secret.Reveal() is var text && !text.Contains("{{", StringComparison.Ordinal) &&
            !(Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            section.ErrorAt(key, "must be a URL with scheme http or https and a host");
        }
        return secret;
    }
}
