using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization;

/// <summary>Fetches what a conversation holds by address alone, for endpoints that take it only as data.</summary>
/// <remarks>
/// The addresses are the caller's: whoever fetches them decides where he lets himself be sent, and answers for it. Called for several addresses at
/// once, and again for each endpoint that is tried.
/// </remarks>
public interface IMediaFetcher
{
    /// <summary>Fetches the data.</summary>
    /// <param name="content">The address, and the media type it is said to have, which may be a range such as <c>image/*</c>.</param>
    /// <param name="cancellationToken">Ends the fetching.</param>
    /// <returns>The data, with the media type it really has.</returns>
    /// <exception cref="MediaFetchException">It is not fetched, or cannot be.</exception>
    Task<DataContent> FetchAsync(UriContent content, CancellationToken cancellationToken);
}
