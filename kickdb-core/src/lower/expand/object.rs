use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser;

use crate::decl::Item;
use crate::lower::{self, Origin};

pub(super) fn expand(args: TokenStream, item: &syn::ItemConst) -> TokenStream {
    let words = syn::punctuated::Punctuated::<syn::Ident, syn::Token![,]>::parse_terminated;
    let decl = match words.parse2(args) {
        Ok(dialects) => {
            let dialects = dialects.into_iter().collect::<Vec<_>>();
            lower::object(item, &dialects, &Origin::default()).map_err(|errors| errors.to_compile_error())
        }
        Err(error) => Err(error.to_compile_error()),
    };
    let added = match decl {
        Ok(decl) => {
            let ident = &item.ident;
            let json =
                serde_json::to_string(&Item::Object(decl)).expect("a declaration holds nothing that JSON has not");
            quote! {
                const _: () = {
                    use ::kickdb::__private as __q;
                    __q::inventory::submit! {
                        __q::Registered::object(#json, ::core::file!(), ::core::line!(), ::core::module_path!(), #ident)
                    }
                };
            }
        }
        Err(error) => error,
    };
    quote! {
        #item
        #added
    }
}
