using System.Reflection;
using System.Xml.Linq;

namespace MeaiRouter.Packaging.Tests.Conventions;

/// <summary>The documentation that is shipped with an assembly.</summary>
internal sealed class Documentation
{
    private readonly List<XElement> _members;

    private Documentation(string file) => _members = [.. XDocument.Load(file).Descendants("member")];

    public static Documentation Of(Assembly assembly) => new(Path.ChangeExtension(assembly.Location, ".xml"));

    /// <summary>What is said of a constructor; of those of one type the one with as many parameters of the same names.</summary>
    public string OfConstructor(ConstructorInfo constructor)
    {
        var names = constructor.GetParameters().Select(static parameter => parameter.Name);
        return string.Concat(_members
            .Where(member => member.Attribute("name")!.Value.StartsWith($"M:{constructor.DeclaringType!.FullName}.#ctor(", StringComparison.Ordinal))
            .Where(member => member.Elements("param").Select(static param => param.Attribute("name")!.Value).SequenceEqual(names))
            .Select(static member => member.ToString()));
    }
}
