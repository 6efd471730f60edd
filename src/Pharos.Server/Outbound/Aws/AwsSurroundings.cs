namespace Pharos.Server.Outbound.Aws;

/// <summary>What Amazon's clients look at beside their configuration: the environment and the shared files.</summary>
internal sealed class AwsSurroundings(Func<string, string?> variable)
{
    public static AwsSurroundings Process { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>Empty where it is not set.</summary>
    public string Variable(string name) => variable(name) ?? "";

    /// <summary>The region that the configuration names, or else the surroundings; empty where none does.</summary>
    public string Region(AwsConfig config) => config.Region.Length > 0 ? config.Region
        : Variable("AWS_REGION") is { Length: > 0 } region ? region
        : Variable("AWS_DEFAULT_REGION") is { Length: > 0 } otherwise ? otherwise : FromProfile(config.Profile, "region");

    /// <summary>The value of a key in a profile of the shared files; empty where it does not stand there.</summary>
    public string FromProfile(string profile, string key)
    {
        var name = profile.Length > 0 ? profile : Variable("AWS_PROFILE") is { Length: > 0 } own ? own : "default";
        var folder = Path.Combine(Variable("HOME"), ".aws");
        var credentials = Variable("AWS_SHARED_CREDENTIALS_FILE") is { Length: > 0 } file ? file : Path.Combine(folder, "credentials");
        var config = Variable("AWS_CONFIG_FILE") is { Length: > 0 } other ? other : Path.Combine(folder, "config");
        return Find(credentials, name, key) ?? Find(config, name == "default" ? name : $"profile {name}", key) ?? "";
    }

    private static string? Find(string file, string section, string key)
    {
        if (!File.Exists(file))
        {
            return null;
        }
        var inside = false;
        foreach (var line in File.ReadLines(file).Select(line => line.Trim()))
        {
            if (line.StartsWith('['))
            {
                inside = line.Trim('[', ']', ' ') == section;
            }
            else if (inside && line.Split('=', 2) is [var name, var value] && name.Trim() == key)
            {
                return value.Trim();
            }
        }
        return null;
    }
}
