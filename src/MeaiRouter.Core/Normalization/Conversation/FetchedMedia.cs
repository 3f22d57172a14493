using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Puts data in the place of addresses that an endpoint would not take.</summary>
internal static class FetchedMedia
{
    // One request must not make many: enough for an album, too few for an attack.
    private const int MostAddresses = 20;

    /// <returns>The same list if there is nothing to fetch.</returns>
    /// <exception cref="RouterException">Something cannot be fetched, or is too much (<see cref="FailureKind.Unsupported"/>): another endpoint may take the address.</exception>
    public static ValueTask<IReadOnlyList<ChatMessage>> InlineAsync(
        IMediaFetcher fetcher, IReadOnlyList<ChatMessage> messages, Destination destination, CancellationToken cancellationToken)
    {
        Dictionary<Uri, UriContent>? wanted = null;
        foreach (var message in messages)
        {
            foreach (var content in message.Contents)
                Collect(content, destination.Dialect.Media, ref wanted);
        }

        return wanted is null ? new(messages) : new(InlineAsync(fetcher, wanted, messages, destination, cancellationToken));
    }

    private static async Task<IReadOnlyList<ChatMessage>> InlineAsync(
        IMediaFetcher fetcher, Dictionary<Uri, UriContent> wanted, IReadOnlyList<ChatMessage> messages, Destination destination,
        CancellationToken cancellationToken)
    {
        if (wanted.Count > MostAddresses)
            throw destination.Unsupported($"takes some media only as data in the request, and the messages hold {wanted.Count} addresses; at most {MostAddresses} are fetched. Send the data itself.");

        var fetched = new Dictionary<Uri, DataContent>(wanted.Count);
        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var fetching = wanted.Values.Select(content => fetcher.FetchAsync(content, others.Token)).ToList();
            foreach (var (content, data) in wanted.Values.Zip(fetching))
                fetched[content.Uri] = await data.ConfigureAwait(false);
        }
        catch (MediaFetchException failure)
        {
            // By name, because the address may hold what gives access to it.
            throw destination.Unsupported($"takes some media only as data in the request, and one that is given by its address is not to be had: {failure.Message}. Send the data itself.");
        }
        finally
        {
            // Of one that failed the others are of no use any more.
            await others.CancelAsync().ConfigureAwait(false);
        }

        var draft = new Draft(messages);
        for (var i = 0; i < draft.Count; i++)
        {
            for (var j = 0; j < draft[i].Contents.Count; j++)
            {
                var content = draft[i].Contents[j];
                if (content is FunctionResultContent result && Parts(result).Any(part => Replace(part, fetched) is not null))
                    draft.Edit(i).Contents[j] = ContentCopies.WithResult(result, result.CallId, Parts(result).Select(part => Replace(part, fetched) ?? part).ToList());
                else if (Replace(content, fetched) is { } data)
                    draft.Edit(i).Contents[j] = data;
            }
        }

        destination.Notes.Add($"Media given by address were fetched and sent as data: {fetched.Count}.");
        return draft.Messages;
    }

    private static void Collect(AIContent content, MediaRules rules, ref Dictionary<Uri, UriContent>? wanted)
    {
        if (content is FunctionResultContent result)
        {
            foreach (var part in Parts(result))
                Collect(part, rules, ref wanted);
        }
        else if (content is UriContent address && Medium.Of(address) is { Form: MediaForm.Address } medium
            && MediaForms.RuleFor(rules, medium.Kind) is { TakesUrls: false, TakesInline: true })
        {
            (wanted ??= [])[address.Uri] = address;
        }
    }

    private static IReadOnlyList<AIContent> Parts(FunctionResultContent result) =>
        result.Result is AIContent or IEnumerable<AIContent> ? ToolResults.Contents(result) : [];

    // Each place has a copy of its own: marks and names belong to the place.
    private static DataContent? Replace(AIContent content, Dictionary<Uri, DataContent> fetched) =>
        content is UriContent address && fetched.TryGetValue(address.Uri, out var data)
            ? new DataContent(data.Data, data.MediaType) { Name = data.Name, AdditionalProperties = address.AdditionalProperties, Annotations = address.Annotations }
            : null;
}
