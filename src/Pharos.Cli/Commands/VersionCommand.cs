using System.CommandLine;
using System.Runtime.InteropServices;
using Pharos.Server.Hosting;

namespace Pharos.Cli.Commands;

/// <summary><c>pharos version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Prints the version.");
        command.SetAction(_ =>
        {
            Console.Out.WriteLine($"pharos, version {ServerVersion.Number} (revision: {ServerVersion.Revision})");
            Console.Out.WriteLine($"  runtime:  {RuntimeInformation.FrameworkDescription}");
            Console.Out.WriteLine($"  platform: {RuntimeInformation.RuntimeIdentifier}");
            return 0;
        });
        return command;
    }
}
