using System.Globalization;
using System.Xml.Linq;

namespace Pharos.Collection.Discovery.Uyuni;

/// <summary>XML-RPC (xmlrpc.com/spec.md): calls as documents, answers as elements that are read by name.</summary>
internal static class XmlRpc
{
    /// <param name="parameters">Texts, whole numbers, and lists of them.</param>
    public static string Call(string method, IEnumerable<object> parameters) => new XElement("methodCall",
        new XElement("methodName", method),
        new XElement("params", parameters.Select(parameter => new XElement("param", Value(parameter))))).ToString(SaveOptions.DisableFormatting);

    /// <summary>The one value of an answer.</summary>
    /// <exception cref="HttpRequestException">The answer is a fault.</exception>
    public static XElement Answer(XElement response)
    {
        if (response.Element("fault")?.Element("value") is { } fault)
        {
            throw new HttpRequestException($"the server answers with a fault: {Text(fault, "faultString")}");
        }
        return response.Element("params")?.Element("param")?.Element("value")
            ?? throw new FormatException("the answer holds no value");
    }

    public static IEnumerable<XElement> Items(XElement value) => value.Elements("array").Elements("data").Elements("value");

    /// <summary>A member of a structure.</summary>
    public static XElement? Member(XElement value, string name) => value.Elements("struct").Elements("member")
        .FirstOrDefault(member => member.Element("name")?.Value == name)?.Element("value");

    public static string Text(XElement value, string name) => Member(value, name)?.Value.Trim() ?? "";

    private static XElement Value(object value) => new("value", value switch
    {
        long number => new XElement("int", number.ToString(CultureInfo.InvariantCulture)),
        IEnumerable<long> list => new XElement("array", new XElement("data", list.Select(item => Value(item)))),
        _ => new XElement("string", value),
    });
}
