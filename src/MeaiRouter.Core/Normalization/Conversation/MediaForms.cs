using System.Globalization;
using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Sees to it that the endpoint takes every image, file, sound and film. Nothing is fetched here: who has only an address keeps it.</summary>
internal static class MediaForms
{
    /// <exception cref="RouterException">The endpoint does not take one of them (<see cref="FailureKind.Unsupported"/>).</exception>
    public static void Apply(Draft draft, in Destination destination)
    {
        Span<int> counts = stackalloc int[4];
        for (var i = 0; i < draft.Count; i++)
        {
            for (var j = 0; j < draft[i].Contents.Count; j++)
            {
                var content = draft[i].Contents[j];
                if (content is FunctionResultContent { Result: AIContent or IEnumerable<AIContent> } result)
                {
                    foreach (var part in ToolResults.Contents(result))
                        Check(part, i, counts, destination);
                }
                else
                {
                    Check(content, i, counts, destination);
                    if (content is UriContent uri && Medium.IsInline(uri))
                        Inline(draft, i, j, uri, destination);
                }
            }
        }

        for (var kind = MediaKind.Image; kind <= MediaKind.Video; kind++)
        {
            if (RuleFor(destination.Dialect.Media, kind).MaxCount is { } limit && counts[(int)kind] > limit)
                throw destination.Unsupported($"takes at most {limit} {Plural(kind)} in a request, and the messages hold {counts[(int)kind]}. Send fewer.");
        }
    }

    private static void Check(AIContent content, int message, Span<int> counts, in Destination destination)
    {
        if (Medium.Of(content) is not { } medium)
            return;

        counts[(int)medium.Kind]++;
        if (destination.InputModalities is { } modalities && !modalities.Contains(Singular(medium.Kind), StringComparer.OrdinalIgnoreCase))
        {
            throw destination.Unsupported(
                $"takes {string.Join(", ", modalities)} input only, and messages[{message}] holds {Plural(medium.Kind)}. Choose a model with {Singular(medium.Kind)} input.");
        }

        if (Objection(content, medium, RuleFor(destination.Dialect.Media, medium.Kind)) is var (takes, holds, remedy))
            throw destination.Unsupported($"takes {takes}, and messages[{message}] holds {holds}. {remedy}");
    }

    private static (string Takes, string Holds, string Remedy)? Objection(AIContent content, Medium medium, MediaRule rule)
    {
        var many = Plural(medium.Kind);
        if (rule is { TakesUrls: false, TakesInline: false })
            return ($"no {many}", many, "Leave them out, or choose another endpoint.");
        if (medium.Form == MediaForm.Address && !rule.TakesUrls)
            return ($"{many} only as data in the request", "an address", "Send the data itself.");
        if (medium.Form == MediaForm.Inline && !rule.TakesInline)
            return ($"{many} only by address", "data", "Send an address that the provider can fetch.");
        if (!medium.IsOneOf(rule.MediaTypes))
            return ($"{many} only as {string.Join(", ", rule.MediaTypes)}", medium.MediaType!, "Convert it.");
        if (rule.MaxBytes is { } limit && content is DataContent data && data.Data.Length is var size && size > limit)
            return ($"{many} of at most {Bytes(limit)} bytes", $"one of {Bytes(size)}", "Send a smaller one.");
        return null;
    }

    // Data in the guise of an address, which clients would write where an address belongs.
    private static void Inline(Draft draft, int message, int content, UriContent uri, in Destination destination)
    {
        DataContent data;
        try
        {
            data = new DataContent(uri.Uri.OriginalString);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new RouterException(
                FailureKind.InvalidRequest, $"messages[{message}].contents[{content}] holds a data: address that is not valid: it must be data:TYPE;base64,DATA.", exception);
        }

        (data.AdditionalProperties, data.Annotations) = (uri.AdditionalProperties, uri.Annotations);
        draft.Edit(message).Contents[content] = data;
        destination.Notes.Add("Data given as a data: address was sent as data.");
    }

    /// <summary>What holds for one kind of media.</summary>
    public static MediaRule RuleFor(MediaRules rules, MediaKind kind) => kind switch
    {
        MediaKind.Image => rules.Images,
        MediaKind.Audio => rules.Audio,
        MediaKind.Video => rules.Video,
        _ => rules.Files,
    };

    private static string Singular(MediaKind kind) => kind switch
    {
        MediaKind.Image => "image",
        MediaKind.Audio => "audio",
        MediaKind.Video => "video",
        _ => "file",
    };

    private static string Plural(MediaKind kind) => kind is MediaKind.Image or MediaKind.File ? Singular(kind) + "s" : Singular(kind);

    private static string Bytes(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
