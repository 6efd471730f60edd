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
        if (secret is null && section.Find(key, secret: true) is { } empty && empty.AsText() is "")
        {
            empty.Error(ApiUrl.Fault("")!);
        }
        if (secret is { File: null } && secret.Reveal() is var text && !text.Contains("{{", StringComparison.Ordinal) && ApiUrl.Fault(text) is { } fault)
        {
            section.ErrorAt(key, fault);
        }
        return secret;
    }

    /// <summary>As <see cref="Read"/>, an error where neither is there.</summary>
    public static Secret ReadRequired(YamlMappingReader section, string key)
    {
        var secret = Read(section, key);
        section.ErrorUnless(secret is not null, key, $"one of {key} or {key}_file must be configured");
        return secret ?? Secret.Inline("");
    }
}
