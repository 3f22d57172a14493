using System.Collections.Frozen;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;

namespace MeaiRouter.Routing.Resolution;

/// <summary>Finds the newest model of a family: <c>~author/family-latest</c>.</summary>
/// <remarks>
/// The family is the id without its versions, which are the parts that begin with a digit, or with <c>v</c> and a digit:
/// <c>acme/large-4.5</c> and <c>acme/5-large</c> are of the family <c>acme/large</c>, and <c>acme/large-mini-4</c> is not.
/// </remarks>
internal sealed class ModelFamilies
{
    private const char Mark = '~';
    private const string Suffix = "-latest";

    private readonly FrozenDictionary<string, RoutableModel[]> _families;

    public ModelFamilies(IEnumerable<RoutableModel> models) => _families = models
        .Where(static model => !model.Model.Id.Contains(':') && model.Candidates.Length > 0)
        .GroupBy(static model => FamilyOf(model.Model.Id), StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(static family => family.Key, static family => family.ToArray(), StringComparer.OrdinalIgnoreCase);

    public static bool IsFamily(string name) => name.StartsWith(Mark);

    /// <summary>The newest model of the family.</summary>
    /// <exception cref="RouterException">There is no such family, or nothing says which of its models is the newest.</exception>
    public RoutableModel Newest(string name)
    {
        if (!name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase))
            throw new RouterException(FailureKind.UnknownModel, $"'{name}' is not a name of a family: those are written ~author/family{Suffix}.");

        var family = name[1..^Suffix.Length];
        if (!_families.TryGetValue(family, out var members))
        {
            var hint = NearestNames.Hint(name, _families.Keys.Select(static key => Mark + key + Suffix));
            throw new RouterException(FailureKind.UnknownModel, $"The catalogue has no model of the family '{family}'.{hint}");
        }

        var newest = members.MaxBy(static model => model.Model.Created ?? DateTimeOffset.MinValue)!;
        if (members.Length > 1 && newest.Model.Created is null)
        {
            throw new RouterException(
                FailureKind.UnknownModel,
                $"Nothing says which model of the family '{family}' is the newest. Give them a Created: {string.Join(", ", members.Select(static m => m.Model.Id))}.");
        }

        return newest;
    }

    private static string FamilyOf(string id)
    {
        var slash = id.LastIndexOf('/') + 1;
        return id[..slash] + string.Join('-', id[slash..].Split('-').Where(static part => !IsVersion(part)));
    }

    private static bool IsVersion(string part) =>
        part.Length > 0 && char.IsAsciiDigit(part[part[0] is 'v' or 'V' && part.Length > 1 ? 1 : 0]);
}
