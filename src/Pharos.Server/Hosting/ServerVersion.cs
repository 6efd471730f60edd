using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Pharos.Server.Hosting;

/// <summary>The version of this program, in the shape that the peers' APIs give it.</summary>
public static class ServerVersion
{
    /// <summary>The informational version, or the assembly's: <c>0.1.0+COMMIT</c>.</summary>
    public static string Full { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    public static string Number => Full.Split('+')[0];

    public static string Revision => Full.Split('+') is [_, var revision, ..] ? revision : "unknown";

    internal static void WriteFields(Utf8JsonWriter json)
    {
        json.WriteString("version", Number);
        json.WriteString("revision", Revision);
        json.WriteString("branch", "HEAD");
        json.WriteString("buildUser", "");
        json.WriteString("buildDate", "");
        // The peers' clients require the field; here it names the run time that takes Go's place.
        json.WriteString("goVersion", RuntimeInformation.FrameworkDescription);
    }
}
