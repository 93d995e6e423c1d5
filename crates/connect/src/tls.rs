//! The cryptography of TLS: ring's, for every connection of the process.

/// Makes ring the process's provider for TLS, once; later calls change nothing.
///
/// `reqwest` is built without a provider of its own and panics when none is installed, so every
/// client of this crate calls this first. The binary calls it too, as it starts.
pub fn install() {
    // The error says that a provider is installed already. Only ring is compiled in.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_provider_is_installed_and_stays() {
        super::install();
        super::install();
        let provider = rustls::crypto::CryptoProvider::get_default().expect("a provider");
        assert!(!provider.cipher_suites.is_empty());
    }
}
